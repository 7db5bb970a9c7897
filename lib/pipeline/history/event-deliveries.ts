import { type Delivery, newRecord } from '../../domain/delivery.ts';
import type { Event } from '../../domain/event.ts';
import type { DeliveryKey } from '../../domain/ids.ts';
import { UNCONFIRMED_AFTER } from '../../domain/times.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { endpointIdsOf, isEndpointOf } from '../delivery/event-endpoints.ts';
import { isAfter, newestFirst } from './delivery-order.ts';

export type HistoryPorts = Pick<Ports, 'clock' | 'events' | 'deliveries'>;

/**
 * An event's deliveries, the newest endpoint first, a bounded number at a time: the event knows its endpoints, and one
 * that has no record is pending.
 * @param after only those that follow this one
 */
export async function* deliveriesOf(
  ports: HistoryPorts,
  event: Event,
  after?: DeliveryPosition,
): AsyncGenerator<Delivery[]> {
  for await (const endpointIds of endpointIdsOf(ports, event, after?.endpointId)) {
    const recorded = await ports.deliveries.ofEvent(event.tenantId, event.id, endpointIds);
    const known = new Set(recorded.filter(({ ordinal }) => ordinal === 0).map(({ endpointId }) => endpointId));
    const pending = endpointIds
      .filter((id) => !known.has(id))
      .map((endpointId) => pendingRecord(ports, event, endpointId));
    const ordered = newestFirst([...recorded, ...pending]);
    yield after ? ordered.filter((delivery) => isAfter(after, delivery)) : ordered;
  }
}

/** The record that a matched endpoint without one stands for. */
export function pendingRecord(ports: Pick<Ports, 'clock'>, event: Event, endpointId: string): Delivery {
  const record = newRecord(event, { tenantId: event.tenantId, endpointId, eventId: event.id, ordinal: 0 });
  const unconfirmed = ports.clock.now() - event.acceptedAt > UNCONFIRMED_AFTER;
  return unconfirmed ? { ...record, statusReason: 'unconfirmed' } : record;
}

/** By its record, or as a pending one that has none yet (revision 0). */
export async function findDelivery(ports: HistoryPorts, key: DeliveryKey): Promise<Delivery | undefined> {
  return (await ports.deliveries.get(key)) ?? pendingOne(ports, key);
}

async function pendingOne(ports: HistoryPorts, key: DeliveryKey): Promise<Delivery | undefined> {
  const event = key.ordinal === 0 ? await ports.events.get(key.tenantId, key.eventId) : undefined;
  const isThere = event && (await isEndpointOf(ports, event, key.endpointId));
  return isThere ? pendingRecord(ports, event, key.endpointId) : undefined;
}
