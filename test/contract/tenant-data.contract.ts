import { describe, expect, test } from 'vitest';
import type { RemovedCounts } from '../../lib/domain/job.ts';
import { keyAt } from '../../lib/domain/poll-entry.ts';
import { NO_LATENCIES, oneLatency } from '../../lib/domain/latencies.ts';
import { NO_USAGE } from '../../lib/domain/usage.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { RemovablePart, TenantData } from '../../lib/ports/tenant-data.ts';
import type { PortalSession } from '../../lib/domain/portal-session.ts';
import { type RecordMaker, written } from '../support/records.ts';
import { type Open, openForTest } from './opened.ts';

type Needed =
  | 'tenantData'
  | 'events'
  | 'deliveries'
  | 'endpoints'
  | 'polls'
  | 'jobs'
  | 'numbers'
  | 'apiKeys'
  | 'sessions'
  | 'quotas'
  | 'usage';

const DAY = '2026-01-01';
const USED = {
  ...NO_USAGE,
  events: 1,
  attempts: 2,
  delivered: 1,
  latencies: { ...NO_LATENCIES, requests: oneLatency(7) },
};

function sessionOf(make: RecordMaker, tenantId: string): PortalSession {
  const ofPerson = { user: 'ada', access: 'read', screens: [], scopes: [] } as const;
  const [id, codeHash] = [make.name('ses'), make.name('hash')];
  return { ...ofPerson, id, tenantId, codeHash, createdBy: 'key_1', createdAt: 1, endsAt: 2 };
}

/** Looks until nothing is left. @returns what was removed, and in how many looks */
async function removeAll(port: TenantData, tenantId: string, part: RemovablePart, limit: number, keptJob = '') {
  const removed: RemovedCounts = {};
  for (let looks = 1; ; looks += 1) {
    const look = await port.removeSome(tenantId, part, limit, keptJob);
    for (const [what, count] of Object.entries(look.removed) as [keyof RemovedCounts, number][]) {
      removed[what] = (removed[what] ?? 0) + count;
    }
    if (look.done) return { removed, looks };
  }
}

export function describeTenantData(name: string, open: Open<Pick<Ports, Needed>>): void {
  describe(`${name}: the data of a tenant`, () => {
    test('goes a bounded part at a time, until nothing is left: events, with what hangs on them', async () => {
      const { port, make } = await openForTest(open);
      const events = Array.from({ length: 25 }, () => make.event());
      for (const event of events) await port.events.putUnlessExists(event);
      const [event] = events;
      const place = { tenantId: make.tenantId, eventId: event?.id ?? '', token: 't', index: 0 };
      await port.events.putEndpointPage(place, [make.endpointId()]);
      await port.events.addEndpointUnlessThere(make.tenantId, event?.id ?? '', make.endpointId());
      const other = { ...make.event(), tenantId: `${make.tenantId} other` };
      await port.events.putUnlessExists(other);

      const { removed, looks } = await removeAll(port.tenantData, make.tenantId, 'events', 4);
      expect(removed).toEqual({ events: 25 });
      expect(looks).toBeGreaterThan(5);
      expect(await port.events.page(make.tenantId, { limit: 100 })).toEqual([]);
      expect(await port.events.endpointPage(place)).toBeUndefined();
      expect(await port.events.addedEndpoints(make.tenantId, event?.id ?? '')).toEqual([]);
      expect(await port.events.get(other.tenantId, other.id)).toEqual(other);
    });

    test('endpoints go after their deliveries, with the bodies of answers', async () => {
      const { port, make } = await openForTest(open);
      const endpoints = [make.endpoint(), make.endpoint({ shard: 3 })];
      for (const endpoint of endpoints) await port.endpoints.createUnlessExists(endpoint);
      const body = { attempt: 1, bytes: new Uint8Array([1]) };
      const records = [];
      for (const { id: endpointId } of endpoints) {
        for (let n = 0; n < 7; n += 1)
          records.push(await written(port.deliveries, make.delivery({ endpointId }), body));
      }
      const limit = 3;
      for (let total = 0; total < 12; total += limit) {
        const { removed, done } = await port.tenantData.removeSome(make.tenantId, 'endpoints', limit, '');
        expect((removed.deliveries ?? 0) + (removed.endpoints ?? 0)).toBeLessThanOrEqual(limit);
        expect(done).toBe(false);
      }
      await removeAll(port.tenantData, make.tenantId, 'endpoints', limit);
      for (const { id } of endpoints) {
        expect(await port.deliveries.pageOfEndpoint(make.tenantId, id, undefined, 100)).toEqual([]);
      }
      for (const record of records) expect(await port.deliveries.responseBodies(record)).toEqual([]);
      expect((await port.endpoints.page(make.tenantId, undefined, 10)).endpoints).toEqual([]);
    });

    test('what a poll endpoint’s consumers read goes with it, however much there is', async () => {
      const { port, make, clock } = await openForTest(open);
      const endpoint = make.endpoint();
      await port.endpoints.createUnlessExists(endpoint);
      const place = { tenantId: make.tenantId, endpointId: endpoint.id };
      const entries = Array.from({ length: 7 }, () => {
        const { id: eventId, type: eventType } = make.event();
        return { ...place, eventId, eventType, ordinal: 0, writtenAt: clock.now() };
      });
      await port.polls.add(entries);
      expect(await port.polls.entriesAfter(place, keyAt(0), 10)).toHaveLength(7);
      await removeAll(port.tenantData, make.tenantId, 'endpoints', 3);
      expect(await port.endpoints.get(make.tenantId, endpoint.id)).toBeUndefined();
      expect(await port.polls.entriesAfter(place, keyAt(0), 10)).toEqual([]);
    });

    test('all jobs go but the one that is kept', async () => {
      const { port, make } = await openForTest(open);
      const jobs = Array.from({ length: 5 }, () => make.job());
      for (const job of jobs) await port.jobs.createUnlessExists(job);
      const [, , kept] = jobs;
      const { removed } = await removeAll(port.tenantData, make.tenantId, 'jobs', 2, kept?.id);
      expect(removed).toEqual({ jobs: 4 });
      for (const { id } of jobs) {
        expect(await port.jobs.get(make.tenantId, id)).toEqual(id === kept?.id ? kept : undefined);
      }
    });

    test('keys, numbers and counters go, and those of another tenant stay', async () => {
      const { port, make } = await openForTest(open);
      const other = `${make.tenantId} other`;
      for (const tenantId of [make.tenantId, other]) {
        const key = { hash: make.name('hash'), id: make.name('key'), tenantId, scopes: [], createdAt: 1 };
        await port.apiKeys.put(key);
        await port.sessions.create(sessionOf(make, tenantId));
        await port.numbers.numbersOf({ tenantId, kind: 'endpoint' }, ['ep_1', 'ep_2']);
        await port.numbers.numbersOf({ tenantId, kind: 'delivery' }, ['del_1']);
        await port.quotas.add(tenantId, 7, 5);
        await port.quotas.add(tenantId, 7, 3, 'tests');
        await port.usage.add(tenantId, DAY, USED);
      }
      const counts = await Promise.all(
        (['apiKeys', 'numbers', 'counters'] as const).map((part) =>
          removeAll(port.tenantData, make.tenantId, part, 10),
        ),
      );
      expect(counts.map(({ removed }) => removed)).toEqual([{ apiKeys: 1 }, { numbers: 3 }, { counters: 3 }]);
      expect((await port.apiKeys.page(make.tenantId, undefined, 10)).keys).toEqual([]);
      expect((await port.apiKeys.page(other, undefined, 10)).keys).toHaveLength(1);
      expect(await port.sessions.page(make.tenantId, undefined, 10)).toEqual([]);
      const [left] = await port.sessions.page(other, undefined, 10);
      expect(await port.sessions.find(left?.codeHash ?? '')).toEqual(left);
      expect(await port.numbers.find({ tenantId: make.tenantId, kind: 'endpoint' }, 1)).toBeUndefined();
      expect(await port.numbers.find({ tenantId: other, kind: 'endpoint' }, 2)).toBe('ep_2');
      expect(await port.usage.days(make.tenantId, DAY, DAY)).toEqual([]);
      expect(await port.usage.days(other, DAY, DAY)).toMatchObject([{ day: DAY, ...USED }]);
      // They begin again.
      expect(await port.numbers.numbersOf({ tenantId: make.tenantId, kind: 'endpoint' }, ['ep_9'])).toEqual([1]);
      expect(await port.quotas.add(make.tenantId, 7, 1)).toBe(1);
      expect(await port.quotas.add(make.tenantId, 7, 1, 'tests')).toBe(1);
      expect(await port.quotas.add(other, 7, 1)).toBe(6);
      expect(await port.quotas.add(other, 7, 1, 'tests')).toBe(4);
    });

    test('a tenant that has nothing is done at once', async () => {
      const { port, make } = await openForTest(open);
      for (const part of ['apiKeys', 'endpoints', 'events', 'jobs', 'eventTypes', 'numbers', 'counters'] as const) {
        expect(await port.tenantData.removeSome(make.tenantId, part, 10, '')).toMatchObject({ done: true });
      }
    });
  });
}
