import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { timeOf } from '../../lib/domain/ids.ts';
import type { DeliveryLog, StatusQuery } from '../../lib/ports/delivery-log.ts';
import { type Open, openForTest, readAllPages } from './opened.ts';
import { planted, written } from '../support/records.ts';

/** The index of statuses may lag behind the records. */
const PATIENCE = { timeout: 5000, interval: 20 };

export function describeDeliveryPages(name: string, open: Open<DeliveryLog>): void {
  describe(`${name}: lists of deliveries`, () => {
    /** Records of two endpoints, one event a second, each third of the first endpoint retried manually; oldest first. */
    async function openWithHistory() {
      const opened = await openForTest(open);
      const { port, clock, make } = opened;
      const [endpointId, other] = [make.endpointId(), make.endpointId()];
      const records: Delivery[] = [];
      for (let n = 0; n < 15; n += 1) {
        const event = make.event();
        const status = n % 2 === 0 ? 'exhausted' : 'held';
        const record = make.delivery({ eventId: event.id, endpointId, status });
        records.push(record, { ...record, endpointId: other });
        if (n % 3 === 0) records.push({ ...record, ordinal: 1 }, { ...record, ordinal: 2 });
        await clock.advance(1000);
      }
      const stand = await Promise.all(records.map((record) => written(port, record)));
      return { ...opened, endpointId, records: stand };
    }

    test.each([1, 4, 7, 100])(
      'pages of %i of an endpoint: newest event first, then the higher ordinal',
      async (limit) => {
        const { port, make, endpointId, records } = await openWithHistory();
        const expected = records
          .filter((record) => record.endpointId === endpointId)
          .toSorted((a, b) => compare(b.eventId, a.eventId) || b.ordinal - a.ordinal);
        const found: Delivery[] = [];
        let page: Delivery[];
        do {
          page = await port.pageOfEndpoint(make.tenantId, endpointId, found.at(-1), limit);
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
        } while (page.length === limit);
        expect(found).toEqual(expected);
      },
    );

    test('an endpoint’s ordinals are in the order of numbers', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      for (const ordinal of [0, 2, 9, 10, 100]) await port.writeUnlessSuperseded(planted({ ...record, ordinal }));
      const page = await port.pageOfEndpoint(make.tenantId, record.endpointId, undefined, 10);
      expect(page.map(({ ordinal }) => ordinal)).toEqual([100, 10, 9, 2, 0]);
      const rest = await port.pageOfEndpoint(make.tenantId, record.endpointId, page[1], 10);
      expect(rest.map(({ ordinal }) => ordinal)).toEqual([9, 2, 0]);
    });

    test('a page may start at a place where there is no record', async () => {
      const { port, clock, make } = await openForTest(open);
      const older = await written(port, make.delivery());
      await clock.advance(1000);
      const between = { eventId: make.event().id, endpointId: older.endpointId, ordinal: 0 };
      await clock.advance(1000);
      await written(port, make.delivery({ endpointId: older.endpointId }));
      expect(await port.pageOfEndpoint(make.tenantId, older.endpointId, between, 10)).toEqual([older]);
    });

    test.each([
      ['oldest-first', false],
      ['newest-first', false],
      ['oldest-first', true],
      ['newest-first', true],
    ] as const)('pages of a status, %s, of one endpoint only: %s', async (order, ofOneEndpoint) => {
      const { port, make, endpointId, records } = await openWithHistory();
      const expected = records.filter(
        (record) => record.status === 'exhausted' && (!ofOneEndpoint || record.endpointId === endpointId),
      );
      const query = {
        tenantId: make.tenantId,
        status: 'exhausted',
        order,
        ...(ofOneEndpoint && { endpointId }),
      } as const;
      await expect.poll(() => allOf(port, { ...query, limit: 100 }), PATIENCE).toHaveLength(expected.length);
      for (const limit of [1, 5, 100]) {
        const found = await allOf(port, { ...query, limit });
        expect(found).toHaveLength(expected.length);
        expect(found).toEqual(expect.arrayContaining(expected));
        const events = found.map(({ eventId }) => eventId);
        expect(events).toEqual(order === 'oldest-first' ? events.toSorted() : events.toSorted().toReversed());
      }
    });

    test.each([
      ['oldest-first', false],
      ['newest-first', false],
      ['oldest-first', true],
      ['newest-first', true],
    ] as const)(
      'a range of a status, %s, of one endpoint only: %s, is read without what lies outside it',
      async (order, ofOne) => {
        const { port, make, endpointId, records } = await openWithHistory();
        const times = [...new Set(records.map(({ eventId }) => timeOf(eventId)))].toSorted((a, b) => a - b);
        const [since, until] = [times[4] ?? 0, times[9] ?? 0];
        const isMeant = (record: Delivery) =>
          record.status === 'exhausted' &&
          (!ofOne || record.endpointId === endpointId) &&
          timeOf(record.eventId) >= since &&
          timeOf(record.eventId) < until;
        const expected = records.filter(isMeant);
        const range = { tenantId: make.tenantId, status: 'exhausted', order, since, until } as const;
        const query = { ...range, ...(ofOne && { endpointId }) };
        await expect.poll(() => allOf(port, { ...query, limit: 100 }), PATIENCE).toHaveLength(expected.length);
        const { deliveries, next } = await port.pageByStatus({ ...query, limit: 100 });
        expect(deliveries).toEqual(expect.arrayContaining(expected));
        expect([deliveries.length, next]).toEqual([expected.length, undefined]);
        expect(await allOf(port, { ...query, limit: 1 })).toEqual(deliveries);
        expect(await port.pageByStatus({ ...query, since: until, until: since, limit: 10 })).toEqual({
          deliveries: [],
        });
        expect(await allOf(port, { ...range, since: 0, until: 0, limit: 10 })).toEqual([]);
      },
    );

    test('an endpoint’s list ends at the time that it is asked for', async () => {
      const { port, make, endpointId, records } = await openWithHistory();
      const own = records.filter((record) => record.endpointId === endpointId);
      const since = timeOf(own.at(-4)?.eventId ?? '');
      const expected = own.filter(({ eventId }) => timeOf(eventId) >= since);
      const page = (before: Delivery | undefined, limit: number) =>
        port.pageOfEndpoint(make.tenantId, endpointId, before, limit, since);
      const all = await page(undefined, 100);
      expect(all).toEqual(expect.arrayContaining(expected));
      expect(all).toHaveLength(expected.length);
      expect(await page(all[1], 100)).toEqual(all.slice(2));
      expect(await page(own[0], 100)).toEqual([]);
    });

    test('a record leaves the list of its status when it moves on, and a delivered one is in none', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery({ status: 'held' });
      const listed = async (status: StatusQuery['status']) =>
        (await allOf(port, { tenantId: make.tenantId, status, order: 'oldest-first', limit: 10 })).length;
      const statuses = ['held', 'retrying'] as const;
      const held = await written(port, record);
      await expect.poll(() => Promise.all(statuses.map(listed)), PATIENCE).toEqual([1, 0]);
      const retrying = await written(port, { ...held, status: 'retrying', epoch: 2 });
      await expect.poll(() => Promise.all(statuses.map(listed)), PATIENCE).toEqual([0, 1]);
      await written(port, { ...retrying, status: 'delivered', epoch: 3 });
      await expect.poll(() => Promise.all(statuses.map(listed)), PATIENCE).toEqual([0, 0]);
    });

    test('a list shows no delivery of another tenant', async () => {
      const { port, make, endpointId } = await openWithHistory();
      const other = make.name('other');
      expect(await port.pageOfEndpoint(other, endpointId, undefined, 10)).toEqual([]);
      expect(await allOf(port, { tenantId: other, status: 'held', order: 'newest-first', limit: 10 })).toEqual([]);
    });
  });
}

async function allOf(port: DeliveryLog, query: StatusQuery): Promise<Delivery[]> {
  const pages = await readAllPages(async (cursor) => {
    const page = await port.pageByStatus({ ...query, ...(cursor !== undefined && { cursor }) });
    return { items: page.deliveries, next: page.next };
  });
  expect(pages.every((page) => page.length <= query.limit)).toBe(true);
  return pages.flat();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
