import { describe, expect, test } from 'vitest';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { DueEntry, DueIndex } from '../../lib/ports/due-index.ts';
import type { JobStore } from '../../lib/ports/job-store.ts';
import { afterFailedAttempt, planted, written } from '../support/records.ts';
import { type Open, concurrently, openForTest, readAllPages } from './opened.ts';

export interface DuePorts {
  due: DueIndex;
  deliveries: DeliveryLog;
  jobs: JobStore;
}

const MINUTE_MS = 60_000;
/** The index may lag behind the records. */
const PATIENCE = { timeout: 5000, interval: 20 };

/** @param open an index that no other test uses at the same time, with the two logs that feed it */
export function describeDueIndex(name: string, open: Open<DuePorts>): void {
  describe(`${name}: due index`, () => {
    async function openAtMinute() {
      const opened = await openForTest(open);
      const minute = Math.floor(opened.clock.now() / MINUTE_MS) + 10;
      const entriesOf = (ofMinute: number) => allEntries(opened.port.due, ofMinute, opened.make.tenantId);
      return { ...opened, minute, entriesOf };
    }

    test('a record stands in the minute of its checkAt, from that minute’s first millisecond to its last', async () => {
      const { port, make, minute, entriesOf } = await openAtMinute();
      const [first, next] = [minute * MINUTE_MS, (minute + 1) * MINUTE_MS];
      for (const checkAt of [first - 1, first, next - 1, next]) {
        await port.deliveries.writeUnlessSuperseded(planted(make.delivery({ checkAt })));
        await port.jobs.createUnlessExists(make.job({ checkAt }));
      }
      const stored = async () => (await entriesOf(minute)).map(({ kind, checkAt }) => `${kind} ${checkAt}`).toSorted();
      const expected = ['delivery', 'job'].flatMap((kind) => [`${kind} ${first}`, `${kind} ${next - 1}`]);
      await expect.poll(stored, PATIENCE).toEqual(expected);
    });

    test('an entry names its delivery, and moves and goes with the record', async () => {
      const { port, make, clock, minute, entriesOf } = await openAtMinute();
      const first = make.delivery({ checkAt: minute * MINUTE_MS, ordinal: 3 });
      const { tenantId, endpointId, eventId, ordinal } = first;
      const entry = { kind: 'delivery', key: { tenantId, endpointId, eventId, ordinal } } as const;
      const stands = await written(port.deliveries, first);
      await expect.poll(() => entriesOf(minute), PATIENCE).toEqual([{ ...entry, checkAt: minute * MINUTE_MS }]);

      const later = { ...entry, checkAt: (minute + 5) * MINUTE_MS + 7 };
      const moved = await written(port.deliveries, afterFailedAttempt(stands, clock.now(), { checkAt: later.checkAt }));
      await expect.poll(() => entriesOf(minute), PATIENCE).toEqual([]);
      await expect.poll(() => entriesOf(minute + 5), PATIENCE).toEqual([later]);

      const { checkAt: _checkAt, ...done } = { ...moved, status: 'delivered' as const, epoch: 2 };
      await port.deliveries.writeUnlessSuperseded(planted(done));
      await expect.poll(() => entriesOf(minute + 5), PATIENCE).toEqual([]);
    });

    test('a superseded write leaves the index as it was', async () => {
      const { port, make, minute, entriesOf } = await openAtMinute();
      const record = make.delivery({ checkAt: minute * MINUTE_MS });
      await port.deliveries.writeUnlessSuperseded(planted(record));
      const { checkAt: _checkAt, ...late } = record;
      expect(await port.deliveries.writeUnlessSuperseded(planted(late))).toBeUndefined();
      await expect.poll(() => entriesOf(minute), PATIENCE).toHaveLength(1);
    });

    test('a job stands in the index until it has finished', async () => {
      const { port, make, minute, entriesOf } = await openAtMinute();
      const job = make.job({ checkAt: minute * MINUTE_MS + 1 });
      await port.jobs.createUnlessExists(job);
      const entry = { kind: 'job', tenantId: job.tenantId, jobId: job.id, checkAt: minute * MINUTE_MS + 1 };
      await expect.poll(() => entriesOf(minute), PATIENCE).toEqual([entry]);
      const { checkAt: _checkAt, ...done } = { ...job, status: 'done' as const, step: 1 };
      await port.jobs.replaceIfStep(done, 0);
      await expect.poll(() => entriesOf(minute), PATIENCE).toEqual([]);
    });

    test('pages of a minute hold every delivery and job once, and at most as many as asked for', async () => {
      const { port, make, minute } = await openAtMinute();
      const checkAt = (n: number) => minute * MINUTE_MS + (n % 4);
      const deliveries = Array.from({ length: 17 }, (_, n) => make.delivery({ checkAt: checkAt(n) }));
      const jobs = Array.from({ length: 8 }, (_, n) => make.job({ checkAt: checkAt(n) }));
      await Promise.all(deliveries.map((record) => port.deliveries.writeUnlessSuperseded(planted(record))));
      await Promise.all(jobs.map((job) => port.jobs.createUnlessExists(job)));
      const expected = [...deliveries.map(({ eventId }) => eventId), ...jobs.map(({ id }) => id)].toSorted();
      for (const limit of [1, 3, 17, 25, 100]) {
        const pages = await pagesOf(port.due, minute, limit);
        expect(pages.every((page) => page.length <= limit)).toBe(true);
        const ids = pages.flat().map((entry) => (entry.kind === 'job' ? entry.jobId : entry.key.eventId));
        expect(ids.toSorted(), `limit ${limit}`).toEqual(expected);
      }
    });

    test('an entry that sweep could not move is postponed by its record’s check time, and the record stays', async () => {
      const { port, make, minute, entriesOf } = await openAtMinute();
      const checkAt = minute * MINUTE_MS + 5;
      const delivery = await written(port.deliveries, make.delivery({ checkAt }));
      const job = make.job({ checkAt });
      await port.jobs.createUnlessExists(job);
      await expect.poll(() => entriesOf(minute), PATIENCE).toHaveLength(2);
      for (const entry of await entriesOf(minute)) {
        const first = await port.due.postpone(entry, (own) => own + MINUTE_MS);
        expect(first).toBe(checkAt + MINUTE_MS);
        const again = { ...entry, checkAt: first as number };
        expect(await port.due.postpone(again, (own) => own + 2 * MINUTE_MS)).toBe(checkAt + 2 * MINUTE_MS);
      }
      await expect.poll(() => entriesOf(minute), PATIENCE).toEqual([]);
      await expect.poll(() => entriesOf(minute + 1), PATIENCE).toEqual([]);
      await expect.poll(() => entriesOf(minute + 2), PATIENCE).toHaveLength(2);
      expect(await port.deliveries.get(delivery)).toEqual(delivery);
      expect(await port.jobs.get(job.tenantId, job.id)).toEqual(job);
    });

    test('an entry that has moved or gone meanwhile is not postponed', async () => {
      const { port, make, minute, entriesOf } = await openAtMinute();
      const checkAt = minute * MINUTE_MS;
      const stands = await written(port.deliveries, make.delivery({ checkAt }));
      await expect.poll(() => entriesOf(minute), PATIENCE).toHaveLength(1);
      const [seen] = (await entriesOf(minute)) as [DueEntry];
      const later = () => checkAt + 9 * MINUTE_MS;
      const moved = await written(port.deliveries, { ...stands, checkAt: checkAt + MINUTE_MS });
      expect(await port.due.postpone(seen, later)).toBeUndefined();
      const { checkAt: _checkAt, ...done } = { ...moved, status: 'delivered' as const };
      await port.deliveries.writeUnlessSuperseded(planted(done));
      expect(await port.due.postpone({ ...seen, checkAt: checkAt + MINUTE_MS }, later)).toBeUndefined();
      expect(
        await port.due.postpone({ kind: 'job', tenantId: 't', jobId: make.job().id, checkAt }, later),
      ).toBeUndefined();
      await expect.poll(() => entriesOf(minute + 1), PATIENCE).toEqual([]);
      expect(await entriesOf(minute + 9)).toEqual([]);
    });

    test('the next write of a record moves its postponed entry', async () => {
      const { port, make, clock, minute, entriesOf } = await openAtMinute();
      const stands = await written(port.deliveries, make.delivery({ checkAt: minute * MINUTE_MS }));
      await expect.poll(() => entriesOf(minute), PATIENCE).toHaveLength(1);
      const [seen] = (await entriesOf(minute)) as [DueEntry];
      await port.due.postpone(seen, () => (minute + 3) * MINUTE_MS);
      const checkAt = (minute + 5) * MINUTE_MS;
      await written(port.deliveries, afterFailedAttempt(stands, clock.now(), { checkAt }));
      await expect.poll(() => entriesOf(minute + 5), PATIENCE).toHaveLength(1);
      expect(await entriesOf(minute + 3)).toEqual([]);
    });

    test('the watermark is undefined before the first sweep, and never moves back', async () => {
      const { port } = await openAtMinute();
      expect(await port.due.watermark()).toBeUndefined();
      await port.due.raiseWatermark(100);
      await port.due.raiseWatermark(90);
      expect(await port.due.watermark()).toBe(100);
      await concurrently((caller) => port.due.raiseWatermark(100 + ((caller * 7) % 50)));
      expect(await port.due.watermark()).toBe(149);
    });
  });
}

/** The pages of all shards of a minute. */
async function pagesOf(due: DueIndex, minute: number, limit: number): Promise<DueEntry[][]> {
  const pages: DueEntry[][] = [];
  for (let shard = 0; shard < (await due.shards()); shard += 1) {
    const ofShard = await readAllPages(async (cursor) => {
      const page = await due.page({ minute, shard }, cursor, limit);
      return { items: page.entries, next: page.next };
    });
    pages.push(...ofShard);
  }
  return pages;
}

async function allEntries(due: DueIndex, minute: number, tenantId: string): Promise<DueEntry[]> {
  const pages = await pagesOf(due, minute, 10);
  return pages.flat().filter((entry) => (entry.kind === 'job' ? entry.tenantId : entry.key.tenantId) === tenantId);
}
