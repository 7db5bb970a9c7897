import type { AuditLine, AuditOutcome } from '@postrider/sdk';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Select } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { Pill, type Tone } from '../../parts/pill.tsx';
import { Search } from '../../parts/search.tsx';
import { Ago } from '../../parts/time.tsx';
import { query, setQuery } from '../../router/place.ts';
import { api, isOperator } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const PAGE = 100;
const TONES: Record<AuditOutcome, Tone> = { done: 'good', refused: 'wait', failed: 'bad', unknown: 'off' };
const NAMES = ['action', 'target', 'outcome'] as const;

export function Screen() {
  const given = NAMES.map((name) => [name, query.value.get(name) ?? ''] as const).filter(([, value]) => value !== '');
  const filters = { ...Object.fromEntries(given), ...(isOperator() && { platform: true }) };
  const pages = usePages(
    (cursor, signal) =>
      api()
        .auditLog.list({ ...filters, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    JSON.stringify(filters),
  );
  return (
    <Page title={t.audit.title}>
      <div class="filters" role="search">
        <Search name="action" label={t.audit.action} />
        <Search name="target" label={t.audit.target} />
        <Select
          label={t.audit.anyOutcome}
          value={query.value.get('outcome') ?? ''}
          onValue={(outcome) => setQuery({ outcome })}
          choices={[['', t.audit.anyOutcome], ...Object.entries(t.audit.outcomes)]}
        />
      </div>
      <List of={pages} label={t.audit.title} keyOf={({ id }) => id} empty={given.length > 0 ? <NoMatch /> : <None />}>
        {(line) => <Row line={line} />}
      </List>
    </Page>
  );
}

function Row({ line: { action, target, at, user, key_id, address, request_id, outcome, code } }: { line: AuditLine }) {
  return (
    <div class="audit-row">
      <div>
        <Pill tone={TONES[outcome]}>{t.audit.outcomes[outcome]}</Pill>
      </div>
      <div>
        <div>
          <span class="strong">{action}</span>{' '}
          {target !== null && (
            <>
              {t.audit.on} <code>{target}</code>
            </>
          )}
        </div>
        <div class="soft">
          {t.audit.by(user ?? key_id)} {address !== null && t.audit.from(address)}
          {code !== null && <span class="bad"> · {code}</span>}
        </div>
      </div>
      <div class="faint end">
        <div>
          <Ago at={at} />
        </div>
        <code title={t.audit.request}>{request_id.slice(0, 13)}</code>
      </div>
    </div>
  );
}

function NoMatch() {
  return (
    <Empty title={t.audit.noMatch.title} lead={t.audit.noMatch.lead}>
      <button onClick={() => setQuery(Object.fromEntries(NAMES.map((name) => [name, undefined])))}>
        {t.actions.clearFilters}
      </button>
    </Empty>
  );
}

function None() {
  return <Empty title={t.audit.empty.title} lead={t.audit.empty.lead} />;
}
