import type { Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import { timeOf } from '../../domain/ids.ts';

/** Which deliveries; times are milliseconds since the Unix epoch, of the event's acceptance. */
export interface DeliveriesQuery {
  endpointId?: string;
  eventType?: string;
  status?: DeliveryStatus;
  since?: number;
  until?: number;
  cursor?: string;
  /** At most this many are answered; a page may have fewer and still have a next one. */
  limit: number;
}

/** What one call has found, and the cursor of the next one; absent: there is nothing more. */
export interface Slice {
  found: Delivery[];
  next?: string;
}

/** How many events and deliveries one call looks through: a rare match is found over several pages. */
export const LOOK_THROUGH = 1000;
export function rangeOf({ since, until }: DeliveriesQuery): Pick<DeliveriesQuery, 'since' | 'until'> {
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

export function answers(query: DeliveriesQuery, delivery: Delivery): boolean {
  const { endpointId, eventType, status, since, until } = query;
  const acceptedAt = timeOf(delivery.eventId);
  return (
    (endpointId === undefined || delivery.endpointId === endpointId) &&
    (eventType === undefined || delivery.eventType === eventType) &&
    (status === undefined || delivery.status === status) &&
    (since === undefined || acceptedAt >= since) &&
    (until === undefined || acceptedAt < until)
  );
}
