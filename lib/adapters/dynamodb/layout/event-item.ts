import { DAY } from '../../../domain/durations.ts';
import { type Event, NO_DATA } from '../../../domain/event.ts';
import { type AttributeNames, fromAttributes, toAttributes } from './attribute-names.ts';
import type { Item } from '../access/item.ts';
import { itemSize } from './item-size.ts';
import { eventBodyKey, eventKey } from './keys.ts';
import type { Lifetime } from './lifetime.ts';

type Fields = Omit<Event, 'data' | 'trace'>;

const FIELDS: AttributeNames<Fields> = {
  tenantId: 'tenant',
  id: 'id',
  type: 'type',
  project: 'project',
  externalId: 'external_id',
  acceptedAt: 'accepted_at',
  occurredAt: 'occurred_at',
  endpointIds: 'endpoints',
  endpointPages: 'endpoint_pages',
  isTest: 'test',
  filtered: 'filtered',
  payloadDeleted: 'payload_deleted',
};

/** Data and trace beyond this get an item of their own, so that a consistent read of the event costs one unit. */
const MAX_EVENT_BYTES = 4096;

/** An event as stored. `body` is the item of its data and its trace, when they are too large for the event's own item. */
export function toEventItems(event: Event, lifetime: Lifetime): { item: Item; body?: Item } {
  const bare: Item = {
    ...eventKey(event.tenantId, event.id),
    ...toAttributes<Fields>(event, FIELDS),
    ...lifetime.expiry(event.acceptedAt),
  };
  const content = { data: event.data, ...(event.trace !== undefined && { trace: event.trace }) };
  const whole = { ...bare, ...content };
  if (itemSize(whole) <= MAX_EVENT_BYTES) return { item: whole };
  // It outlives the event, so that an event that is found has its data.
  const expiry = lifetime.expiry(event.acceptedAt + DAY);
  return { item: bare, body: { ...eventBodyKey(event.tenantId, event.id), ...content, ...expiry } };
}

/** Whether the event's data is in an item of its own. */
export function hasSeparateBody(item: Item): boolean {
  return item.data === undefined && item.payload_deleted === undefined;
}

export function bodyKeyOf(item: Item): { pk: string; sk: string } {
  return eventBodyKey(item.tenant as string, item.id as string);
}

/** Undefined when the data has an item of its own, and that is missing. */
export function fromEventItems(item: Item | undefined, body: Item | undefined): Event | undefined {
  if (item?.payload_deleted !== undefined) return { ...fromAttributes<Fields>(item, FIELDS), data: NO_DATA };
  const content = item?.data === undefined ? body : item;
  if (!item || typeof content?.data !== 'string') return undefined;
  // An event that was stored when traces were small has its trace in its own item.
  const trace = (content.trace ?? item.trace) as string | undefined;
  return { ...fromAttributes<Fields>(item, FIELDS), data: content.data, ...(trace !== undefined && { trace }) };
}
