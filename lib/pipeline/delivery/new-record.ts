import type { Delivery } from '../../domain/delivery.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, timeOf } from '../../domain/ids.ts';

/** The record that a matched endpoint without one stands for: pending, no attempts, epoch 0, not written (protocol A2). */
export function newRecord(event: Pick<Event, 'type'> | undefined, key: DeliveryKey): Delivery {
  const acceptedAt = timeOf(key.eventId);
  return {
    tenantId: key.tenantId,
    endpointId: key.endpointId,
    eventId: key.eventId,
    ordinal: key.ordinal,
    eventType: event?.type ?? '',
    status: 'pending',
    revision: 0,
    attempts: [],
    epoch: 0,
    scheduleBase: 0,
    createdAt: acceptedAt,
    updatedAt: acceptedAt,
  };
}
