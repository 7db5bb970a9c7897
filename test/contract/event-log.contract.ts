import { describe, expect, test } from 'vitest';
import type { Event } from '../../lib/domain/event.ts';
import type { EventLog } from '../../lib/ports/event-log.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const DAY_MS = 24 * 3600 * 1000;

/** @param open a log that keeps events for 30 days */
export function describeEventLog(name: string, open: Open<EventLog>): void {
  describe(`${name}: event log`, () => {
    /** Ten events, one a second, oldest first. */
    async function openWithTen() {
      const opened = await openForTest(open);
      const events = [];
      for (let n = 0; n < 10; n += 1) {
        const event = opened.make.event();
        await opened.port.putUnlessExists(event);
        events.push(event);
        await opened.clock.advance(1000);
      }
      return { ...opened, events };
    }

    test('gives back an event as it was put, its data byte for byte', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event({ data: `{"big":"${'é✓'.repeat(20_000)}","exact": 1.0}` });
      expect(await port.putUnlessExists(event)).toBe(true);
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
    });

    test.each([
      ['small', '{"n":1}'],
      ['large', `{"big":"${'é✓'.repeat(20_000)}"}`],
    ])('gives back a trace of 32 KB and the time of its happening, with %s data', async (_, data) => {
      const { port, make } = await openForTest(open);
      const trace = `{"parent":{"name":"${'t'.repeat(32_000)}"}}`;
      const event = make.event({ data, trace, occurredAt: 1_770_000_000_123, filtered: 3 });
      await port.putUnlessExists(event);
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
      expect(await port.page(event.tenantId, { limit: 1 })).toEqual([event]);
    });

    test.each([
      ['small', '{"n":1}'],
      ['large', `{"big":"${'é✓'.repeat(20_000)}"}`],
    ])('a deleted payload is gone, and the event stays: %s data', async (_, data) => {
      const { port, make } = await openForTest(open);
      const event = make.event({ data, trace: '{"trace_id":"t"}' });
      await port.putUnlessExists(event);
      const payloadDeleted = { at: 1_770_000_000_000, jobId: 'job_1' };
      const { trace: _trace, ...left } = { ...event, data: 'null', payloadDeleted };
      expect(await port.deletePayload(event.tenantId, event.id, payloadDeleted)).toEqual(left);
      expect(await port.get(event.tenantId, event.id)).toEqual(left);
      expect(await port.page(event.tenantId, { limit: 1 })).toEqual([left]);
      // The first deletion stays, and a post under way brings nothing back.
      expect(await port.deletePayload(event.tenantId, event.id, { at: 1, jobId: 'job_2' })).toEqual(left);
      expect(await port.putUnlessExists(event)).toBe(false);
      expect(await port.get(event.tenantId, event.id)).toEqual(left);
    });

    test('an unknown or expired event has no payload to delete', async () => {
      const { port, make, clock } = await openForTest(open);
      const event = make.event();
      const deletion = { at: 1, jobId: 'job_1' };
      expect(await port.deletePayload(event.tenantId, event.id, deletion)).toBeUndefined();
      expect(await port.get(event.tenantId, event.id)).toBeUndefined();
      await port.putUnlessExists(event);
      expect(await port.deletePayload(make.name('other'), event.id, deletion)).toBeUndefined();
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
      await clock.advance(31 * DAY_MS);
      expect(await port.deletePayload(event.tenantId, event.id, deletion)).toBeUndefined();
    });

    test('gives back an event without its optional fields', async () => {
      const { port, make } = await openForTest(open);
      const { project: _project, trace: _trace, externalId: _externalId, ...event } = make.event({ endpointIds: [] });
      await port.putUnlessExists(event);
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
    });

    test('finds nothing of another tenant', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      await port.putUnlessExists(event);
      expect(await port.get(make.name('other'), event.id)).toBeUndefined();
      expect(await port.page(make.name('other'), { limit: 10 })).toEqual([]);
    });

    test('exactly one of 50 concurrent puts of an id is kept', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      const answers = await concurrently((caller) => port.putUnlessExists({ ...event, externalId: `${caller}` }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await port.get(event.tenantId, event.id))?.externalId).toBe(`${answers.indexOf(true)}`);
    });

    test('pages newest first, each page before the last event of the one before', async () => {
      const { port, make, events } = await openWithTen();
      const first = await port.page(make.tenantId, { limit: 4 });
      const second = await port.page(make.tenantId, { limit: 4, before: first.at(-1)?.id ?? '' });
      const third = await port.page(make.tenantId, { limit: 4, before: second.at(-1)?.id ?? '' });
      expect([first.length, second.length, third.length]).toEqual([4, 4, 2]);
      expect([...first, ...second, ...third]).toEqual(events.toReversed());
    });

    test('a range of time includes its beginning and not its end', async () => {
      const { port, make, events } = await openWithTen();
      const [since, until] = [events[3]?.acceptedAt ?? 0, events[7]?.acceptedAt ?? 0];
      const ids = (await port.page(make.tenantId, { since, until, limit: 100 })).map(({ id }) => id);
      expect(ids).toEqual(
        events
          .slice(3, 7)
          .map(({ id }) => id)
          .toReversed(),
      );
    });

    test.each([0, -1, -62_167_219_200_000])('no event came before %i ms, and every event since then', async (ms) => {
      const { port, make, events } = await openWithTen();
      expect(await port.page(make.tenantId, { until: ms, limit: 100 })).toEqual([]);
      expect(await port.page(make.tenantId, { since: ms - 1, until: ms, limit: 100 })).toEqual([]);
      expect(await port.page(make.tenantId, { since: ms, limit: 100 })).toHaveLength(events.length);
    });

    test('a page ends with the event that reaches its bytes, and has one at least', async () => {
      const { port, clock, make } = await openForTest(open);
      const sizes = [100, 60_000, 300, 250_000, 60_000];
      const events: Event[] = [];
      for (const size of sizes) {
        events.push(make.event({ data: JSON.stringify('x'.repeat(size)) }));
        await port.putUnlessExists(events.at(-1) as Event);
        await clock.advance(1);
      }
      const newestFirst = events.toReversed();
      const page = async (maxBytes: number, before?: string) =>
        (await port.page(make.tenantId, { limit: 10, maxBytes, ...(before !== undefined && { before }) })).map(
          ({ id }) => newestFirst.findIndex((event) => event.id === id),
        );
      expect(await page(1)).toEqual([0]);
      expect(await page(70_000)).toEqual([0, 1]);
      expect(await page(10, newestFirst[0]?.id)).toEqual([1]);
      expect(await page(70_000, newestFirst[1]?.id)).toEqual([2, 3, 4]);
      expect(await page(10_000_000)).toEqual([0, 1, 2, 3, 4]);
    });

    test('endpoints that replays add stand beside the event, which stays as it is', async () => {
      const { port, make } = await openForTest(open);
      const [event, other] = [make.event(), make.event()];
      await Promise.all([port.putUnlessExists(event), port.putUnlessExists(other)]);
      expect(await port.addedEndpoints(event.tenantId, event.id)).toEqual([]);
      const ids = Array.from({ length: 30 }, () => make.endpointId());
      for (const id of ids) expect(await port.addEndpointUnlessThere(event.tenantId, event.id, id)).toBe(true);
      expect(await port.addedEndpoints(event.tenantId, event.id)).toEqual(ids.toSorted());
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
      expect(await port.page(event.tenantId, { limit: 10 })).toHaveLength(2);
      expect(await port.addedEndpoints(event.tenantId, other.id)).toEqual([]);
      expect(await port.addedEndpoints(make.name('other'), event.id)).toEqual([]);
    });

    test('an endpoint is added by exactly one of 50 concurrent calls', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      await port.putUnlessExists(event);
      const id = make.endpointId();
      const answers = await concurrently(() => port.addEndpointUnlessThere(event.tenantId, event.id, id));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await port.addedEndpoints(event.tenantId, event.id)).toEqual([id]);
    });

    test('added endpoints expire with their event', async () => {
      const { port, clock, make } = await openForTest(open);
      const event = make.event();
      await port.putUnlessExists(event);
      await clock.advance(29 * DAY_MS);
      await port.addEndpointUnlessThere(event.tenantId, event.id, make.endpointId());
      await clock.advance(2 * DAY_MS);
      expect(await port.addedEndpoints(event.tenantId, event.id)).toEqual([]);
    });

    test('an event is found up to its thirtieth day and not after it', async () => {
      const { port, clock, make } = await openForTest(open);
      const event = make.event();
      await port.putUnlessExists(event);
      await clock.advance(30 * DAY_MS - 1000);
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
      expect(await port.page(make.tenantId, { limit: 10 })).toEqual([event]);
      await clock.advance(2000);
      expect(await port.get(event.tenantId, event.id)).toBeUndefined();
      expect(await port.page(make.tenantId, { limit: 10 })).toEqual([]);
    });
  });
}
