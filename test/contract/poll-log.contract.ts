import { describe, expect, test } from 'vitest';
import { newId } from '../../lib/domain/ids.ts';
import { DEFAULT_LOG_TTL_MS } from '../../lib/domain/log-lifetime.ts';
import { type PollEntry, entryKey, keyAt } from '../../lib/domain/poll-entry.ts';
import { positionAt } from '../../lib/domain/poll-position.ts';
import type { PollLog } from '../../lib/ports/poll-log.ts';
import { type Open, openForTest } from './opened.ts';

export function describePollLog(name: string, open: Open<PollLog>): void {
  describe(`${name}: entries and consumers of poll endpoints`, () => {
    const opened = async () => {
      const { port, clock, make } = await openForTest(open);
      const place = {
        tenantId: make.tenantId,
        endpointId: newId('ep', { now: () => clock.now(), fraction: () => 0.5 }),
      };
      const entry = (writtenAt: number, more: Partial<PollEntry> = {}): PollEntry => ({
        ...place,
        eventId: newId('evt', { now: () => clock.now(), fraction: () => Math.random() }),
        ordinal: 0,
        eventType: 'task.completed',
        writtenAt,
        ...more,
      });
      return { port, clock, place, entry };
    };

    test('entries come in the order of their keys, after one of them or a time, with all that they had', async () => {
      const { port, clock, place, entry } = await opened();
      const now = clock.now();
      const last = entry(now + 2, { ordinal: 3, createdAt: now - 5, isTest: true, isFirst: true });
      const entries = [entry(now), entry(now + 1), last];
      await port.add([entries[2] as PollEntry, entries[0] as PollEntry]);
      await port.add([entries[1] as PollEntry]);
      expect(await port.entriesAfter(place, keyAt(0), 10)).toEqual(entries);
      expect(await port.entriesAfter(place, keyAt(now + 1), 10)).toEqual(entries.slice(1));
      expect(await port.entriesAfter(place, entryKey(entries[1] as PollEntry), 10)).toEqual(entries.slice(2));
      expect(await port.entriesAfter(place, keyAt(0), 2)).toEqual(entries.slice(0, 2));
    });

    test('an entry that is added twice is there once, and others see none of it', async () => {
      const { port, clock, place, entry } = await opened();
      const one = entry(clock.now());
      await Promise.all([port.add([one]), port.add([one, one])]);
      expect(await port.entriesAfter(place, keyAt(0), 10)).toEqual([one]);
      expect(await port.entriesAfter({ ...place, tenantId: `${place.tenantId}#x` }, keyAt(0), 10)).toEqual([]);
      expect(await port.entriesAfter({ ...place, endpointId: 'ep_other' }, keyAt(0), 10)).toEqual([]);
    });

    test('a page has as many as were asked for, however many there are', async () => {
      const { port, clock, place, entry } = await opened();
      const entries = Array.from({ length: 120 }, (_, nth) => entry(clock.now() + nth));
      await port.add(entries);
      expect(await port.entriesAfter(place, keyAt(0), 119)).toEqual(entries.slice(0, 119));
      expect(await port.entriesAfter(place, keyAt(0), 121)).toEqual(entries);
    });

    test('entries and consumers are found for as long as the log is kept', async () => {
      const { port, clock, place, entry } = await opened();
      const now = clock.now();
      await port.add([entry(now), entry(now + 5000)]);
      await port.putConsumer({ ...place, name: 'a', position: positionAt(now), committedAt: now });
      await clock.advance(DEFAULT_LOG_TTL_MS + 2000);
      expect(await port.entriesAfter(place, keyAt(0), 10)).toHaveLength(1);
      expect(await port.consumers(place)).toEqual([]);
      expect(await port.consumer(place, 'a')).toBeUndefined();
      expect(await port.removeConsumer(place, 'a')).toBe(false);
    });

    test('consumers come by name, each as it was last put, until it is removed', async () => {
      const { port, clock, place } = await opened();
      const consumer = (consumerName: string, at: number) => ({
        ...place,
        name: consumerName,
        position: { ...positionAt(at), given: { 1: '2.x' } },
        committedAt: clock.now(),
      });
      for (const one of [consumer('b', 1), consumer('a', 2), consumer('b', 3)]) await port.putConsumer(one);
      expect(await port.consumers(place)).toEqual([consumer('a', 2), consumer('b', 3)]);
      expect(await port.consumer(place, 'b')).toEqual(consumer('b', 3));
      expect(await port.removeConsumer(place, 'b')).toBe(true);
      expect(await port.removeConsumer(place, 'b')).toBe(false);
      expect(await port.consumers(place)).toEqual([consumer('a', 2)]);
    });

    test('how far an endpoint is settled is kept beside its consumers, and is none of them', async () => {
      const { port, clock, place } = await opened();
      expect(await port.settled(place)).toBeUndefined();
      await port.putSettled(place, positionAt(1));
      await port.putSettled(place, positionAt(clock.now()));
      expect(await port.settled(place)).toEqual(positionAt(clock.now()));
      expect(await port.consumers(place)).toEqual([]);
      expect(await port.settled({ ...place, endpointId: 'ep_other' })).toBeUndefined();
    });
  });
}
