import type { Delivery } from '../../domain/delivery.ts';
import type { Event } from '../../domain/event.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import { type DeliveriesQuery, LOOK_THROUGH, type Slice, answers, rangeOf } from './deliveries-query.ts';
import { endOfEvent, readPosition, writePosition } from './delivery-order.ts';
import { type HistoryPorts, deliveriesOf } from './event-deliveries.ts';
import { MAX_PAGE_BYTES } from './history.ts';

/** Through the tenant's events: each knows its endpoints. */
export async function byEvents(ports: HistoryPorts, tenantId: string, query: DeliveriesQuery): Promise<Slice> {
  const start = query.cursor === undefined ? undefined : readPosition(query.cursor);
  const found: Delivery[] = [];
  let looked = 0;
  for await (const { deliveries, at } of throughEvents(ports, tenantId, query, start)) {
    for (const delivery of deliveries) {
      if (answers(query, delivery)) found.push(delivery);
      if (found.length === query.limit) return { found, next: writePosition(delivery) };
    }
    looked += Math.max(deliveries.length, 1);
    if (looked >= LOOK_THROUGH) return { found, next: writePosition(at) };
  }
  return { found };
}

/** All deliveries after a position, a bounded number at a time, with the position that each step has reached. */
async function* throughEvents(
  ports: HistoryPorts,
  tenantId: string,
  query: DeliveriesQuery,
  start: DeliveryPosition | undefined,
): AsyncGenerator<{ deliveries: Delivery[]; at: DeliveryPosition }> {
  // The cursor itself names an event whose deliveries did not all fit.
  let events = start && start.endpointId !== '' ? await eventAt(ports, tenantId, start.eventId) : [];
  let before = start?.eventId;
  for (;;) {
    for (const event of events) {
      const after = start?.eventId === event.id ? start : undefined;
      for await (const deliveries of deliveriesOf(ports, event, after)) {
        yield { deliveries, at: deliveries.at(-1) ?? endOfEvent(event.id) };
      }
      yield { deliveries: [], at: endOfEvent(event.id) };
      before = event.id;
    }
    events = await nextEvents(ports, tenantId, query, before);
    if (events.length === 0) return;
  }
}

async function eventAt(ports: HistoryPorts, tenantId: string, eventId: string): Promise<Event[]> {
  const event = await ports.events.get(tenantId, eventId);
  return event ? [event] : [];
}

function nextEvents(ports: HistoryPorts, tenantId: string, query: DeliveriesQuery, before?: string) {
  return ports.events.page(tenantId, {
    limit: Math.max(query.limit, 20),
    maxBytes: MAX_PAGE_BYTES,
    ...(before !== undefined && { before }),
    ...rangeOf(query),
  });
}
