// Ids: how they are made and what can be read from them.

import { createHash } from 'node:crypto';
import { decodeTime, encodeTime, ulid } from 'ulid';

/** Where ids get their time and their randomness from. */
export interface IdSource {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A uniform number in [0, 1). */
  fraction(): number;
}

export type IdPrefix = 'ep' | 'evt' | 'key' | 'rty' | 'aud' | 'ses';

/** A new id: the prefix, an underscore and a ULID, so that ids of one kind sort by creation time. */
export function newId(prefix: IdPrefix, source: IdSource): string {
  return `${prefix}_${newUlid(source)}`;
}

export function newJobId(source: IdSource): string {
  return `job_${newUlid(source)}`;
}

/** The job that fans an event out. An event has one, however often it is posted (docs/delivery-states.md, Fan-out). */
export function fanOutJobId(eventId: string): string {
  return `job_${ulidOf(eventId)}`;
}

/** The job that an endpoint has of its own: what settles a poll endpoint, or tells of exhausted deliveries of any other. */
export function ownJobId(endpointId: string): string {
  return `job_${ulidOf(endpointId)}`;
}

/**
 * An event that a job posts: the same one however often its page is worked. It differs from the job's own id, which would
 * also be that of the job that fans it out.
 * @param at milliseconds since the Unix epoch
 */
export function eventIdOfAlert(jobId: string, at: number): string {
  const bytes = createHash('sha256').update(`${jobId} ${at}`).digest();
  let next = 0;
  return `evt_${ulidAt(at, () => (bytes[next++] ?? 0) / 256)}`;
}

/** The reverse of {@link fanOutJobId}. */
export function eventOfFanOutJob(jobId: string): string {
  return `evt_${ulidOf(jobId)}`;
}

const ULID_LENGTH = 26;
const TIME_LENGTH = 10;

function newUlid(source: IdSource): string {
  return ulidAt(source.now(), () => source.fraction());
}

/** The library takes the time 0 as now, so the time is written separately. */
function ulidAt(ms: number, fraction: () => number): string {
  return encodeTime(ms, TIME_LENGTH) + ulid(1, fraction).slice(TIME_LENGTH);
}

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** The 26 characters after the prefix. */
export function ulidOf(id: string): string {
  return id.slice(-ULID_LENGTH);
}

/** When an id was created: milliseconds since the Unix epoch. */
export function timeOf(id: string): number {
  return decodeTime(ulidOf(id));
}

/** The smallest ULID of a millisecond since the Unix epoch: the bound of a range of ids by time. No id is before 1970. */
export function firstUlidAt(ms: number): string {
  return ulidAt(Math.max(ms, 0), () => 0);
}

const ID_OF = {
  ep: new RegExp(`^ep_${ULID}$`),
  evt: new RegExp(`^evt_${ULID}$`),
  job: new RegExp(`^job_${ULID}$`),
} as const;

/** Has a text the form of an endpoint's, an event's or a job's id? */
export function isIdOf(kind: keyof typeof ID_OF, text: string): boolean {
  return ID_OF[kind].test(text);
}

/** The largest ordinal: keys have six digits for it. */
export const MAX_ORDINAL = 999_999;

/** May a delivery have this ordinal? */
export function isOrdinal(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_ORDINAL;
}

/** Identifies a delivery. Ordinal 0 is the pair's first; n is its n-th repetition, by a manual retry or a replay. */
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

/** The reverse of {@link deliveryId}; undefined if the text is no delivery's id. */
export function parseDeliveryId(id: string, tenantId: string): DeliveryKey | undefined {
  const match = DELIVERY_ID.exec(id);
  if (!match) return undefined;
  const [, event, endpoint, ordinal] = match;
  return { tenantId, eventId: `evt_${event}`, endpointId: `ep_${endpoint}`, ordinal: Number(ordinal) };
}
