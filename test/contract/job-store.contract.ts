import { describe, expect, test } from 'vitest';
import type { Job } from '../../lib/domain/job.ts';
import type { JobStore } from '../../lib/ports/job-store.ts';
import { type Open, concurrently, openForTest, readAllPages } from './opened.ts';

const DAY = 24 * 3_600_000;

/** @param open a store that keeps jobs for 30 days */
export function describeJobStore(name: string, open: Open<JobStore>): void {
  describe(`${name}: job store`, () => {
    test('gives back a job as it was created', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job({
        cursor: 'opaque',
        emptySince: 5,
        probe: { coolDownMs: 300_000, requestedAt: 7, lookMs: 60_000, refused: ['del_1', 'del_2'] },
        skipped: 3,
        alert: { type: 'postrider.endpoint.paused', reason: 'breaker', since: 9 },
        selection: {
          eventId: make.event().id,
          endpointIds: [make.endpointId(), make.endpointId()],
          eventTypes: ['order.*'],
          statuses: ['exhausted', 'abandoned'],
          since: 1,
          until: 2,
        },
      });
      expect(await port.createUnlessExists(job)).toBe(true);
      expect(await port.get(job.tenantId, job.id)).toEqual(job);
    });

    test('finds nothing under an unknown id and nothing of another tenant', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job();
      await port.createUnlessExists(job);
      expect(await port.get(job.tenantId, make.job().id)).toBeUndefined();
      expect(await port.get(make.name('other'), job.id)).toBeUndefined();
    });

    test('an id is taken by exactly one of 50 concurrent creations', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job();
      const answers = await concurrently((caller) => port.createUnlessExists({ ...job, processed: caller }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await port.get(job.tenantId, job.id))?.processed).toBe(answers.indexOf(true));
    });

    test('a page is ended by exactly one of 50 concurrent workers', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job({ step: 4 });
      await port.createUnlessExists(job);
      const answers = await concurrently((caller) =>
        port.replaceIfStep({ ...job, step: 5, cursor: 'next', processed: caller }, 4),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      const expected = { ...job, step: 5, cursor: 'next', processed: answers.indexOf(true) };
      expect(await port.get(job.tenantId, job.id)).toEqual(expected);
    });

    test('an id is free again once its job has expired, and until then a later life of it counts', async () => {
      const { port, make, clock } = await openForTest(open);
      const job = make.job();
      await port.createUnlessExists(job);
      const { checkAt: _, ...ended } = { ...job, status: 'done' as const, step: 1 };
      await clock.advance(20 * DAY);
      await port.replaceIfStep({ ...ended, createdAt: clock.now() }, 0);
      await clock.advance(20 * DAY);
      expect(await port.get(job.tenantId, job.id)).toMatchObject({ status: 'done' });
      expect(await port.createUnlessExists(job)).toBe(false);
      await clock.advance(11 * DAY);
      expect(await port.get(job.tenantId, job.id)).toBeUndefined();
      const again = { ...job, createdAt: clock.now() };
      expect(await port.createUnlessExists(again)).toBe(true);
      expect(await port.get(job.tenantId, job.id)).toEqual(again);
    });

    test('replaces nothing where no job is', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job();
      expect(await port.replaceIfStep(job, 0)).toBe(false);
      expect(await port.get(job.tenantId, job.id)).toBeUndefined();
    });

    test('lists the unfinished ones of all tenants, newest first, page by page, and no probes or alerts', async () => {
      const { port, make, clock } = await openForTest(open);
      const jobs: Job[] = [];
      for (let n = 0; n < 9; n += 1) {
        await clock.advance(1);
        jobs.unshift(make.job({ tenantId: `${make.tenantId}${n % 2}` }));
      }
      const probe = make.job({ kind: 'probe' });
      const alerts = (['status-alert', 'exhausted-alert'] as const).map((kind) => make.job({ kind }));
      for (const job of [...jobs, probe, ...alerts]) await port.createUnlessExists(job);
      const [done, ...left] = jobs;
      const { checkAt: _, ...ended } = { ...(done as Job), status: 'done' as const, step: 1 };
      await port.replaceIfStep(ended, 0);
      await port.replaceIfStep({ ...(left[0] as Job), step: 1 }, 0);
      // Others have jobs too.
      const own = new Set([...jobs, probe, ...alerts].map(({ id }) => id));
      const listed = async (limit: number) => {
        const pages = await readAllPages(async (before) => {
          const page = await port.pageOpen(before, limit);
          return { items: page.jobs, next: page.next };
        });
        return pages.flat().filter(({ id }) => own.has(id));
      };
      const expected = left.map(({ tenantId, id }) => ({ tenantId, id }));
      for (const limit of [3, 100]) await expect.poll(() => listed(limit), { timeout: 5000 }).toEqual(expected);
    });
  });
}
