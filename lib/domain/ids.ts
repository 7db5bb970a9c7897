import { decodeTime, ulid } from 'ulid';

/** Where ids get their time and their randomness from. */
export interface IdSource {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A uniform number in [0, 1). */
  fraction(): number;
}

export type IdPrefix = 'ep' | 'evt' | 'key';

/** A new id: the prefix, an underscore and a ULID, so that ids of one kind sort by the time of their making. */
export function newId(prefix: IdPrefix, source: IdSource): string {
  return `${prefix}_${newUlid(source)}`;
}

export function newJobId(source: IdSource): string {
  return `job_${newUlid(source)}`;
}

/** The id of the job that fans an event out: each event has one, whoever makes it. */
export function fanOutJobId(eventId: string): string {
  return `job_${ulidOf(eventId)}`;
}

/** The reverse of {@link fanOutJobId}. */
export function eventOfFanOutJob(jobId: string): string {
  return `evt_${ulidOf(jobId)}`;
}

function newUlid(source: IdSource): string {
  return ulid(source.now(), () => source.fraction());
}

const ULID_LENGTH = 26;
const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** The 26 characters after the prefix. */
export function ulidOf(id: string): string {
  return id.slice(-ULID_LENGTH);
}

/** When an id was made: milliseconds since the Unix epoch. */
export function timeOf(id: string): number {
  return decodeTime(ulidOf(id));
}

/** The smallest ULID of a millisecond: a bound for reading ids by time. */
export function firstUlidAt(ms: number): string {
  return ulid(ms, () => 0);
}

/** What a delivery is addressed by. Ordinal 0 is the first delivery, n the n-th manual retry. */
export interface DeliveryKey {
  tenantId: string;
  endpointId: string;
  eventId: string;
  ordinal: number;
}

/** `del_`, the event's ULID, the endpoint's ULID and the ordinal: found without an index, the same on every fan-out. */
export function deliveryId(key: Omit<DeliveryKey, 'tenantId'>): string {
  return `del_${ulidOf(key.eventId)}${ulidOf(key.endpointId)}${key.ordinal}`;
}

const DELIVERY_ID = new RegExp(`^del_(${ULID})(${ULID})(0|[1-9][0-9]{0,5})$`);

/** The reverse of {@link deliveryId}; undefined for what is not a delivery's id. */
export function parseDeliveryId(id: string, tenantId: string): DeliveryKey | undefined {
  const match = DELIVERY_ID.exec(id);
  if (!match) return undefined;
  const [, event, endpoint, ordinal] = match;
  return { tenantId, eventId: `evt_${event}`, endpointId: `ep_${endpoint}`, ordinal: Number(ordinal) };
}
