import type { Event } from '../../../domain/event.ts';
import { type AttributeNames, fromAttributes, toAttributes } from './attribute-names.ts';
import type { Item } from '../access/item.ts';
import { itemSize } from './item-size.ts';
import { eventBodyKey, eventKey } from './keys.ts';
import type { Lifetime } from './lifetime.ts';

type Fields = Omit<Event, 'data'>;

const FIELDS: AttributeNames<Fields> = {
  tenantId: 'tenant',
  id: 'id',
  type: 'type',
  project: 'project',
  trace: 'trace',
  externalId: 'external_id',
  acceptedAt: 'accepted_at',
  endpointIds: 'endpoints',
  endpointPages: 'endpoint_pages',
};

/** Data beyond this gets an item of its own, so that a consistent read of the event costs one unit. */
const MAX_EVENT_BYTES = 4096;
const DAY_MS = 24 * 3600 * 1000;

/** An event as stored. `body` is the item of its data, when that is too large for the event's own item. */
export function toEventItems(event: Event, lifetime: Lifetime): { item: Item; body?: Item } {
  const bare: Item = {
    ...eventKey(event.tenantId, event.id),
    ...toAttributes<Fields>(event, FIELDS),
    ...lifetime.expiry(event.acceptedAt),
  };
  const whole = { ...bare, data: event.data };
  if (itemSize(whole) <= MAX_EVENT_BYTES) return { item: whole };
  // It outlives the event, so that an event that is found has its data.
  const expiry = lifetime.expiry(event.acceptedAt + DAY_MS);
  return { item: bare, body: { ...eventBodyKey(event.tenantId, event.id), data: event.data, ...expiry } };
}

/** Whether the event's data is in an item of its own. */
export function hasSeparateBody(item: Item): boolean {
  return item.data === undefined;
}

export function bodyKeyOf(item: Item): { pk: string; sk: string } {
  return eventBodyKey(item.tenant as string, item.id as string);
}

/** Undefined when the data has an item of its own, and that is missing. */
export function fromEventItems(item: Item | undefined, body: Item | undefined): Event | undefined {
  const data = item?.data ?? body?.data;
  if (!item || typeof data !== 'string') return undefined;
  return { ...fromAttributes<Fields>(item, FIELDS), data };
}
