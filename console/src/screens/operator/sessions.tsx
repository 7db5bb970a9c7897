import type { PortalSession } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { wordsOf } from '../../parts/error-box.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { Pill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.sessions;
const PAGE = 50;

/** Who opened the console as the operator, or was given a link to it. */
export function Screen() {
  const pages = usePages(
    (cursor, signal) =>
      api()
        .portal.list({ platform: true, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    'sessions',
  );
  return (
    <Page title={words.title}>
      <List
        of={pages}
        label={words.title}
        keyOf={({ id }) => id}
        empty={<Empty title={words.empty.title} lead={words.empty.lead} />}
      >
        {(one) => <Row of={one} />}
      </List>
    </Page>
  );
}

function Row({ of: { id, user, access, status, created_at, opened_at, expires_at } }: { of: PortalSession }) {
  const revoke = useAction(() => api().portal.revoke(id, { platform: true }));
  const isOver = status === 'expired' || status === 'revoked';
  return (
    <div class="job-row">
      <div>
        <div class="row-flex">
          <span class="strong">{user}</span>
          <Pill tone={status === 'live' ? 'good' : 'off'}>{words.statuses[status]}</Pill>
          <span class="faint">{t.access[access]}</span>
        </div>
        <div class="soft num">
          {opened_at === null ? (
            <Ago at={created_at} />
          ) : (
            <>
              {words.opened} <Ago at={opened_at} />
            </>
          )}
          {!isOver && (
            <>
              , {words.until} <Ago at={expires_at} />
            </>
          )}
        </div>
        {revoke.error !== undefined && (
          <div class="bad" role="alert">
            {wordsOf(revoke.error)}
          </div>
        )}
      </div>
      {!isOver && may('portal:write') && (
        <button type="button" class="danger" onClick={() => void revoke.run()} aria-busy={revoke.isBusy}>
          {words.revoke}
        </button>
      )}
    </div>
  );
}
