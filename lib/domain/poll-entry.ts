import { type DeliveryKey, ulidOf } from './ids.ts';

/**
 * What stands for a delivery of a poll endpoint where another's message would be: consumers find it in the order of
 * writing (docs/delivery-states.md, Poll endpoints). Times are milliseconds since the Unix epoch.
 */
export interface PollEntry extends DeliveryKey {
  /** When it was written, by the clock of who wrote it. */
  writtenAt: number;
  eventType: string;
  /** Of the first endpoint of its event, by which the event is counted. */
  isFirst?: true;
  /** Its event is a test. */
  isTest?: true;
  /** When the delivery was made, if that was not with its event. */
  createdAt?: number;
}

const TIME_DIGITS = 13;
const ORDINAL_DIGITS = 6;

/** Of all entries of an endpoint: sorts them by time, and tells those of one millisecond apart. */
export function entryKey({
  writtenAt,
  eventId,
  ordinal,
}: Pick<PollEntry, 'writtenAt' | 'eventId' | 'ordinal'>): string {
  return `${keyAt(writtenAt)}${ulidOf(eventId)}${`${ordinal}`.padStart(ORDINAL_DIGITS, '0')}`;
}

/** Before the keys of all entries of a millisecond, and after those of the one before. */
export function keyAt(ms: number): string {
  return `${Math.max(0, Math.floor(ms))}`.padStart(TIME_DIGITS, '0');
}

/** The time in a key, or in a bound by {@link keyAt}. */
export function timeOfKey(key: string): number {
  return Number(key.slice(0, TIME_DIGITS));
}

const KEY = new RegExp(`^[0-9]{${TIME_DIGITS}}([0-9A-HJKMNP-TV-Z]{26}[0-9]{${ORDINAL_DIGITS}})?$`);

/** Is a text a key, or a bound? */
export function isEntryKey(text: string): boolean {
  return KEY.test(text);
}
