import type { Delivery } from '../../domain/delivery.ts';
import { firstUlidAt, timeOf } from '../../domain/ids.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import { isEndpointOf } from '../delivery/event-endpoints.ts';
import { type DeliveriesQuery, LOOK_THROUGH, type Slice, answers } from './deliveries-query.ts';
import { isAfter, newestFirst, readPosition, writePosition } from './delivery-order.ts';
import { type HistoryPorts, pendingRecord } from './event-deliveries.ts';

/** An endpoint's own list shows the pending ones only among this many of the tenant's newest events. */
const NEWEST_EVENTS = 200;

const CLOCKS_DIFFER_MS = 60_000;

/** An endpoint's records, merged with the pending ones among the tenant's newest events. */
export async function ofEndpoint(
  ports: HistoryPorts,
  tenantId: string,
  query: DeliveriesQuery,
  endpointId: string,
): Promise<Slice> {
  let before: DeliveryPosition | undefined = query.cursor === undefined ? startOf(query) : readPosition(query.cursor);
  const pending = await pendingOf(ports, tenantId, endpointId, query);
  const found: Delivery[] = [];
  for (let looked = 0; looked < LOOK_THROUGH; looked += query.limit) {
    const records: Delivery[] = await ports.deliveries.pageOfEndpoint(
      tenantId,
      endpointId,
      before,
      query.limit,
      query.since,
    );
    const isLast = records.length < query.limit;
    const end = isLast ? undefined : records.at(-1);
    const between = pending.filter((one) => (!before || isAfter(before, one)) && (!end || isAfter(one, end)));
    for (const delivery of newestFirst([...records, ...between])) {
      if (answers(query, delivery)) found.push(delivery);
      if (found.length === query.limit) return { found, next: writePosition(delivery) };
    }
    if (isLast) return { found };
    before = end;
  }
  return { found, ...(before && { next: writePosition(before) }) };
}

function startOf({ until }: DeliveriesQuery): DeliveryPosition | undefined {
  return until === undefined ? undefined : { eventId: `evt_${firstUlidAt(until)}`, endpointId: '', ordinal: -1 };
}

async function pendingOf(
  ports: HistoryPorts,
  tenantId: string,
  endpointId: string,
  { since }: DeliveriesQuery,
): Promise<Delivery[]> {
  const events = await ports.events.page(tenantId, { limit: NEWEST_EVENTS, ...(since !== undefined && { since }) });
  // An event older than the endpoint cannot have matched it; the clocks that made the two ids differ a little.
  const younger = events.filter((event) => event.acceptedAt >= timeOf(endpointId) - CLOCKS_DIFFER_MS);
  const keys = younger.map((event) => ({ tenantId, endpointId, eventId: event.id, ordinal: 0 }));
  const records = keys.length > 0 ? await ports.deliveries.getMany(keys) : [];
  const unrecorded = younger.filter((_, index) => !records[index]);
  const matched = await Promise.all(unrecorded.map((event) => isEndpointOf(ports, event, endpointId)));
  return unrecorded.filter((_, index) => matched[index]).map((event) => pendingRecord(ports, event, endpointId));
}
