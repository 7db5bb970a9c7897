import { RequestError } from '../../domain/errors.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';

/** By event, then endpoint, then ordinal, each descending. */
export function newestFirst<T extends DeliveryPosition>(deliveries: readonly T[]): T[] {
  return deliveries.toSorted((a, b) => (isAfter(a, b) ? -1 : 1));
}

/** Does `b` come after `a` in a list that shows the newest first? */
export function isAfter(a: DeliveryPosition, b: DeliveryPosition): boolean {
  if (a.eventId !== b.eventId) return b.eventId < a.eventId;
  if (a.endpointId !== b.endpointId) return a.endpointId !== '' && b.endpointId < a.endpointId;
  return b.ordinal < a.ordinal;
}

/** After all deliveries of an event. */
export function endOfEvent(eventId: string): DeliveryPosition {
  return { eventId, endpointId: '', ordinal: -1 };
}

export function writePosition({ eventId, endpointId, ordinal }: DeliveryPosition): string {
  return [eventId, endpointId, ordinal].join('~');
}

/** @throws RequestError `invalid-cursor` for what {@link writePosition} did not write */
export function readPosition(cursor: string): DeliveryPosition {
  const [eventId = '', endpointId = '', ordinal = ''] = cursor.split('~');
  const position = { eventId, endpointId, ordinal: Number(ordinal) };
  if (!/^evt_[0-9A-Z]{26}$/.test(eventId) || !Number.isInteger(position.ordinal)) {
    throw new RequestError('invalid-cursor', 'This cursor is of another list. Leave it out to start from the newest.');
  }
  return position;
}
