import { describe, expect, test } from 'vitest';
import type { JobStore } from '../../lib/ports/job-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeJobStore(name: string, open: Open<JobStore>): void {
  describe(`${name}: job store`, () => {
    test('gives back a job as it was created', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job({
        cursor: 'opaque',
        emptySince: 5,
        probe: { coolDownMs: 300_000, requestedAt: 7, lookMs: 60_000, refused: ['del_1', 'del_2'] },
        skipped: 3,
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

    test('replaces nothing where no job is', async () => {
      const { port, make } = await openForTest(open);
      const job = make.job();
      expect(await port.replaceIfStep(job, 0)).toBe(false);
      expect(await port.get(job.tenantId, job.id)).toBeUndefined();
    });
  });
}
