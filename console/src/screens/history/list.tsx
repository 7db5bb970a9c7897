import { useState } from 'preact/hooks';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { setQuery } from '../../router/place.ts';
import { may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { FilterBar } from './filter-bar.tsx';
import { NAMES, asBulkRetry, filtersOfPlace, pageOfDeliveries } from './filters.ts';
import { type EndpointNames, useEndpointNames } from './names.ts';
import { RetryAllDialog } from './retry-all-dialog.tsx';
import { DeliveryRow } from './row.tsx';

const PAGE = 50;
const LIVE_MS = 3000;

export function Screen() {
  const filters = filtersOfPlace();
  const pages = usePages(
    (cursor, signal) => pageOfDeliveries(filters, { limit: PAGE, cursor, signal }),
    JSON.stringify(filters),
    { every: LIVE_MS },
  );
  const names = useEndpointNames(pages.rows?.map(({ endpoint_id }) => endpoint_id) ?? []);
  const [isAsking, ask] = useState(false);
  const bulk = asBulkRetry(filters);
  const what = wordsOfFilters(filters, names);
  return (
    <Page
      title={t.history.title}
      beside={<span class={`live ${pages.isLive ? '' : 'paused'}`}>{pages.isLive ? t.live : t.notLive}</span>}
      actions={bulk && may('deliveries:write') && <button onClick={() => ask(true)}>{t.history.retryAll}</button>}
    >
      <FilterBar filters={filters} names={names.listed} />
      <List of={pages} label={t.history.title} keyOf={({ id }) => id} empty={what.length > 0 ? <NoMatch /> : <None />}>
        {(delivery) => (
          <DeliveryRow delivery={delivery} title={delivery.event_type} endpoint={names.of(delivery.endpoint_id)} />
        )}
      </List>
      {isAsking && bulk && <RetryAllDialog filter={bulk} what={what} onClose={() => ask(false)} />}
    </Page>
  );
}

function wordsOfFilters(filters: ReturnType<typeof filtersOfPlace>, names: EndpointNames): string[] {
  const { status, endpoint, type, since } = filters;
  const statuses: Readonly<Record<string, string>> = t.statuses.delivery;
  const time = t.history.times[Number(since)] ?? t.history.since(since);
  return [status && (statuses[status] ?? status), endpoint && names.of(endpoint), type, since && time].filter(
    (one) => one !== '',
  );
}

function NoMatch() {
  const clear = () => setQuery(Object.fromEntries(NAMES.map((name) => [name, undefined])));
  return (
    <Empty title={t.history.noMatch.title} lead={t.history.noMatch.lead}>
      <button onClick={clear}>{t.actions.clearFilters}</button>
    </Empty>
  );
}

function None() {
  const event = { type: 'order.paid', data: { id: 'order-1' } };
  return <Empty title={t.history.empty.title} lead={t.history.empty.lead} curl={curl('POST', '/v1/events', event)} />;
}
