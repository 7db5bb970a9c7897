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
        const pages = await readAllPages(async (cursor) => {
          const page = await port.due.page(minute, cursor, limit);
          return { items: page.entries, next: page.next };
        });
        expect(pages.every((page) => page.length <= limit)).toBe(true);
        const ids = pages.flat().map((entry) => (entry.kind === 'job' ? entry.jobId : entry.key.eventId));
        expect(ids.toSorted(), `limit ${limit}`).toEqual(expected);
      }
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

async function allEntries(due: DueIndex, minute: number, tenantId: string): Promise<DueEntry[]> {
  const pages = await readAllPages(async (cursor) => {
    const page = await due.page(minute, cursor, 10);
    return { items: page.entries, next: page.next };
  });
  return pages.flat().filter((entry) => (entry.kind === 'job' ? entry.tenantId : entry.key.tenantId) === tenantId);
}
