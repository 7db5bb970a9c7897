import { describe, expect, test } from 'vitest';
import { type PollEntry, entryKey, isEntryKey, keyAt, timeOfKey } from '../../lib/domain/poll-entry.ts';
import {
  BEGINNING,
  type PollPosition,
  advanced,
  isPosition,
  notGiven,
  positionAt,
  readFrom,
} from '../../lib/domain/poll-position.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { newId } from '../../lib/domain/ids.ts';

const REREAD = 60_000;
const random = new SeededRandom(7);

function entryAt(writtenAt: number): PollEntry {
  const eventId = newId('evt', { now: () => writtenAt, fraction: () => random.fraction() });
  return { tenantId: 'org_a', endpointId: 'ep_a', eventId, ordinal: 0, eventType: 'a.b', writtenAt };
}

/** What a store shows of its entries, from where a position reads. */
function shown(entries: readonly PollEntry[], position: PollPosition): PollEntry[] {
  return entries
    .filter((entry) => entryKey(entry) > readFrom(position))
    .toSorted((a, b) => (entryKey(a) < entryKey(b) ? -1 : 1));
}

/** One reading of all that is there, as a poll makes it. */
function readAll(position: PollPosition, entries: readonly PollEntry[], now: number) {
  const read = shown(entries, position);
  const given = notGiven(position, read);
  const last = read.at(-1);
  const after = [position.after, keyAt(now - REREAD), last ? entryKey(last) : ''].toSorted().at(-1) as string;
  return { given, position: advanced(position, { read, after, final: now - REREAD }) };
}

describe('the position of a consumer', () => {
  const NOW = 1_770_000_000_000;

  test('gives each entry once, in the order of writing', () => {
    const entries = [1, 2, 3].map((n) => entryAt(NOW + n));
    const first = readAll(BEGINNING, entries.slice(0, 2), NOW + 2);
    expect(first.given).toEqual(entries.slice(0, 2));
    const second = readAll(first.position, entries, NOW + 3);
    expect(second.given).toEqual(entries.slice(2));
    expect(readAll(second.position, entries, NOW + 4).given).toEqual([]);
  });

  test('gives one of the same millisecond that another process wrote, wherever its key is', () => {
    const entries = [1, 2, 3, 4].map(() => entryAt(NOW)).toSorted((a, b) => (entryKey(a) < entryKey(b) ? -1 : 1));
    const [lowest, ...others] = entries as [PollEntry, ...PollEntry[]];
    const { position } = readAll(BEGINNING, others, NOW);
    expect(readAll(position, entries, NOW + 1).given).toContainEqual(lowest);
  });

  test('with one that comes to light late, gives those of its second again, and no others', () => {
    const entries = Array.from({ length: 40 }, (_, n) => entryAt(NOW + n * 250));
    const { position } = readAll(BEGINNING, entries, NOW + 10_000);
    const late = entryAt(NOW + 5_100);
    const { given } = readAll(position, [...entries, late], NOW + 11_000);
    expect(given).toContainEqual(late);
    expect(given).toHaveLength(5);
    expect(new Set(given.map(({ writtenAt }) => Math.floor(writtenAt / 1000))).size).toBe(1);
  });

  test('loses none of a thousand that come to light up to a minute late, however they are read', () => {
    for (let history = 0; history < 60; history += 1) {
      const entries = Array.from({ length: 60 }, () => {
        const writtenAt = NOW + Math.floor(random.fraction() * 100_000);
        const isLate = random.fraction() < 0.3;
        return {
          entry: entryAt(writtenAt),
          shownAt: writtenAt + (isLate ? Math.floor(random.fraction() * 59_000) : 0),
        };
      });
      const got = new Set<string>();
      let position: PollPosition = BEGINNING;
      for (let now = NOW; now < NOW + 300_000; now += Math.floor(random.fraction() * 9_000)) {
        const visible = entries.filter(({ shownAt }) => shownAt <= now).map(({ entry }) => entry);
        const read = shown(visible, position);
        const open = notGiven(position, read);
        const limit = 1 + Math.floor(random.fraction() * 20);
        const some = open.slice(0, limit);
        for (const { eventId } of some) got.add(eventId);
        const isCut = some.length < open.length;
        const last = isCut ? some.at(-1) : read.at(-1);
        const reached = isCut ? [] : [position.after, keyAt(now - REREAD)];
        const after = [...reached, last ? entryKey(last) : ''].toSorted().at(-1) as string;
        position = advanced(position, { read, after, final: now - REREAD });
        expect(isPosition(JSON.parse(JSON.stringify(position)))).toBe(true);
      }
      expect(entries.filter(({ entry }) => !got.has(entry.eventId))).toEqual([]);
    }
  });

  test('names at most a minute, whatever was read', () => {
    const entries = Array.from({ length: 500 }, (_, n) => entryAt(NOW + n * 500));
    const { position } = readAll(BEGINNING, entries, NOW + 250_000);
    expect(Object.keys(position.given).length).toBeLessThanOrEqual(61);
  });

  test('begins where a consumer asks it to', () => {
    const entries = [NOW - 1, NOW, NOW + 1].map(entryAt);
    expect(readAll(positionAt(NOW), entries, NOW + 5).given).toEqual(entries.slice(1));
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['another key', { finalUntil: 0, after: 'x', given: {} }],
    ['what is final after what was given', { finalUntil: 2, after: keyAt(1), given: {} }],
    ['one that would have more than two minutes read', { finalUntil: 0, after: keyAt(120_001), given: {} }],
    ['no sums', { finalUntil: 0, after: keyAt(1), given: null }],
    ['a sum of no second', { finalUntil: 0, after: keyAt(1), given: { x: '1.a' } }],
    ['a sum that is no text', { finalUntil: 0, after: keyAt(1), given: { 1: 1 } }],
  ])('%s is none', (_, value) => expect(isPosition(value)).toBe(false));
});

test('keys sort by time, then by event and ordinal, and tell their time', () => {
  const first = entryAt(99);
  const key = entryKey(first);
  expect(isEntryKey(key)).toBe(true);
  expect(timeOfKey(key)).toBe(99);
  expect(keyAt(99) < key && key < keyAt(100)).toBe(true);
  expect(entryKey({ ...first, ordinal: 1 }) > key).toBe(true);
});
