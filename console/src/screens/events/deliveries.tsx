import { usePages } from '../../data/pages.ts';
import { List } from '../../parts/list.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { useEndpointNames } from '../history/names.ts';
import { DeliveryRow } from '../history/row.tsx';

const PAGE = 50;
const LIVE_MS = 3000;

/** What became of an event, endpoint by endpoint. */
export function EventDeliveries({ id }: { id: string }) {
  const pages = usePages(
    (cursor, signal) =>
      api()
        .events.deliveries(id, { limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    id,
    { every: LIVE_MS },
  );
  const names = useEndpointNames(pages.rows?.map(({ endpoint_id }) => endpoint_id) ?? []);
  return (
    <section class="stack narrow-rows">
      <h2>{t.events.deliveries}</h2>
      <List
        of={pages}
        label={t.events.deliveries}
        keyOf={(delivery) => delivery.id}
        empty={<p class="soft padded-text">{t.events.noDeliveries}</p>}
      >
        {(delivery) => <DeliveryRow delivery={delivery} title={names.of(delivery.endpoint_id)} />}
      </List>
    </section>
  );
}
