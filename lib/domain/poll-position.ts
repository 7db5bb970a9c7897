import { createHash } from 'node:crypto';
import { type PollEntry, entryKey, isEntryKey, keyAt, timeOfKey } from './poll-entry.ts';
import { POLL_REREAD } from './times.ts';

/**
 * How far a consumer has come. Entries come to light in another order than that of their times, so a position names what
 * it has given of the time in which another may still appear (invariant 21).
 */
export interface PollPosition {
  /** What was written before is known to the last entry, and was given: milliseconds since the Unix epoch. */
  finalUntil: number;
  /** The key of the last entry that was given, or a bound. */
  after: string;
  /** Of what was given from `finalUntil` to `after`: how many entries and a checksum, by whole seconds. */
  given: Readonly<Record<string, string>>;
}

/** Before everything that was ever written. */
export const BEGINNING: PollPosition = { finalUntil: 0, after: keyAt(0), given: {} };

/** After everything that was written before a moment, given or not. @param ms since the Unix epoch */
export function positionAt(ms: number): PollPosition {
  return { finalUntil: ms, after: keyAt(ms), given: {} };
}

/** Entries are read from this bound on: from a whole second, because positions name whole ones. */
export function readFrom({ finalUntil }: PollPosition): string {
  return keyAt(Math.floor(finalUntil / 1000) * 1000);
}

/**
 * Which entries have not been given yet.
 * @param read all that there is from {@link readFrom} on, ascending, to some entry past the position, or to the end
 */
export function notGiven(position: PollPosition, read: readonly PollEntry[]): PollEntry[] {
  const isGiven = givenBy(position, read);
  return read.filter((entry) => !isGiven(entry));
}

/** Tells whether an entry was given; those of a second that has another one since count as not given. */
export function givenBy(position: PollPosition, read: readonly PollEntry[]): (entry: PollEntry) => boolean {
  const known = sumsOf(position.finalUntil, position.after, read);
  return (entry) => {
    if (entry.writtenAt < position.finalUntil) return true;
    if (entryKey(entry) > position.after) return false;
    const second = secondOf(entry);
    return known[second] === position.given[second];
  };
}

/** How far a reading has come. */
interface Reading {
  /** As for {@link notGiven}. */
  read: readonly PollEntry[];
  /** Everything up to this key was given, now or before. */
  after: string;
  /** Nothing that was written before it appears any more: milliseconds since the Unix epoch. */
  final: number;
}

/** The position after a reading. */
export function advanced(position: PollPosition, { read, after, final }: Reading): PollPosition {
  const finalUntil = Math.max(position.finalUntil, Math.min(final, timeOfKey(after)));
  return { finalUntil, after, given: sumsOf(finalUntil, after, read) };
}

/** Of the entries from a moment to a key: count and checksum of each second. */
function sumsOf(from: number, to: string, read: readonly PollEntry[]): Record<string, string> {
  const bySecond = new Map<string, string[]>();
  for (const entry of read) {
    const key = entryKey(entry);
    if (entry.writtenAt < from || key > to) continue;
    const second = secondOf(entry);
    bySecond.set(second, [...(bySecond.get(second) ?? []), key]);
  }
  return Object.fromEntries([...bySecond].map(([second, keys]) => [second, sumOf(keys)]));
}

function secondOf({ writtenAt }: PollEntry): string {
  return String(Math.floor(writtenAt / 1000));
}

/** 66 bits: that two different sets of a second have the same one is not to be expected. */
function sumOf(keys: readonly string[]): string {
  return `${keys.length}.${createHash('sha256').update(keys.join('')).digest('base64url').slice(0, 11)}`;
}

/** Those that are written here have a minute. Whoever makes one up with more would have all of two weeks read at once. */
const MOST_OPEN = 2 * POLL_REREAD;

/** Is a value a position? */
export function isPosition(value: unknown): value is PollPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { finalUntil, after, given } = value as Partial<Record<keyof PollPosition, unknown>>;
  if (!Number.isSafeInteger(finalUntil) || (finalUntil as number) < 0) return false;
  if (typeof after !== 'string' || !isEntryKey(after)) return false;
  const open = timeOfKey(after) - (finalUntil as number);
  if (open < 0 || open > MOST_OPEN) return false;
  if (typeof given !== 'object' || given === null) return false;
  return Object.entries(given).every(([second, sum]) => /^\d{1,11}$/.test(second) && typeof sum === 'string');
}
