import { useState } from 'preact/hooks';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Select } from '../../parts/field.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { Search } from '../../parts/search.tsx';
import { hrefTo, query, setQuery } from '../../router/place.ts';
import { may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Asked } from './asked.ts';
import { DisableDialog } from './disable-dialog.tsx';
import { ReactivateDialog } from './reactivate-dialog.tsx';
import { EndpointRow } from './row.tsx';
import { findEndpoints } from './search.ts';

const LIVE_MS = 10_000;

export function Screen() {
  const search = {
    text: query.value.get('q') ?? '',
    status: query.value.get('status') ?? '',
    eventType: query.value.get('type') ?? '',
  };
  const pages = usePages((cursor, signal) => findEndpoints(search, cursor, signal), JSON.stringify(search), {
    every: LIVE_MS,
  });
  const [asked, ask] = useState<Asked>();
  const close = () => ask(undefined);
  const isFiltered = Object.values(search).some((one) => one !== '');
  return (
    <Page
      title={t.endpoints.title}
      beside={pages.rows && <span class="faint num">{t.counts(pages.rows.length, pages.hasMore)}</span>}
      // Where there is none yet, the list itself offers it.
      actions={(isFiltered || pages.rows?.length !== 0) && <NewEndpoint />}
    >
      <Filters status={search.status} />
      <List
        of={pages}
        label={t.endpoints.title}
        keyOf={({ id }) => id}
        empty={isFiltered ? <NoMatch /> : <NoEndpoints />}
      >
        {(endpoint) => <EndpointRow endpoint={endpoint} ask={ask} />}
      </List>
      {asked?.what === 'reactivate' && <ReactivateDialog endpoint={asked.endpoint} onClose={close} />}
      {asked?.what === 'disable' && <DisableDialog endpoint={asked.endpoint} onClose={close} />}
    </Page>
  );
}

function NewEndpoint() {
  if (!may('endpoints:write')) return null;
  return (
    <Link href={hrefTo('/endpoints/new')} class="button primary">
      {t.endpoints.create}
    </Link>
  );
}

function Filters({ status }: { status: string }) {
  const statuses = Object.entries(t.statuses.endpoint);
  return (
    <div class="filters" role="search">
      <Search name="q" label={t.endpoints.search} />
      <Select
        label={t.endpoints.anyStatus}
        value={status}
        onValue={(value) => setQuery({ status: value })}
        choices={[['', t.endpoints.anyStatus], ...statuses]}
      />
    </div>
  );
}

function NoEndpoints() {
  return (
    <Empty
      title={t.endpoints.empty.title}
      lead={t.endpoints.empty.lead}
      curl={curl('POST', '/v1/endpoints', { url: 'https://example.com/webhooks', events: ['*'] })}
    >
      <NewEndpoint />
    </Empty>
  );
}

function NoMatch() {
  return (
    <Empty title={t.endpoints.noMatch.title} lead={t.endpoints.noMatch.lead}>
      <button onClick={() => setQuery({ q: undefined, status: undefined, type: undefined })}>
        {t.actions.clearFilters}
      </button>
    </Empty>
  );
}
