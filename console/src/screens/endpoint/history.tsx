import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { setQuery } from '../../router/place.ts';
import { t } from '../../texts/index.ts';
import { FilterBar } from '../history/filter-bar.tsx';
import { NAMES, filtersOfPlace, pageOfDeliveries } from '../history/filters.ts';
import { DeliveryRow } from '../history/row.tsx';

const PAGE = 25;
const LIVE_MS = 3000;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The deliveries of one endpoint. */
export function EndpointHistory({ id }: { id: string }) {
  const filters = { ...filtersOfPlace(), endpoint: id };
  const pages = usePages(
    (cursor, signal) => pageOfDeliveries(filters, { limit: PAGE, cursor, signal }),
    JSON.stringify(filters),
    { every: LIVE_MS },
  );
  const isFiltered = [filters.status, filters.type, filters.since].some((one) => one !== '');
  const clear = () => setQuery(Object.fromEntries(NAMES.map((name) => [name, undefined])));
  return (
    <section class="narrow-rows">
      <div class="row-flex title-row">
        <h2>{t.endpoint.history}</h2>
        <span class={`live ${pages.isLive ? '' : 'paused'}`}>{pages.isLive ? t.live : t.notLive}</span>
      </div>
      <FilterBar filters={filters} names={NO_NAMES} isOfOne />
      <List
        of={pages}
        label={t.endpoint.history}
        keyOf={(delivery) => delivery.id}
        empty={
          isFiltered ? (
            <Empty title={t.history.noMatch.title} lead={t.history.noMatch.lead}>
              <button onClick={clear}>{t.actions.clearFilters}</button>
            </Empty>
          ) : (
            <Empty title={t.endpoint.noHistory.title} lead={t.endpoint.noHistory.lead} />
          )
        }
      >
        {(delivery) => <DeliveryRow delivery={delivery} title={delivery.event_type} />}
      </List>
    </section>
  );
}
