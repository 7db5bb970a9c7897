import { describe, expect, test } from 'vitest';
import type { Job } from '../../lib/domain/job.ts';
import { afterPage, cancelled, checked, countedLate, ended, leased, newJob } from '../../lib/domain/job-changes.ts';

const NOW = Date.UTC(2026, 0, 2);
const MADE = newJob({ tenantId: 'acme', kind: 'retry', skipped: 0 }, 'job_1', NOW - 60_000);
const RUNNING: Job = { ...MADE, step: 3, processed: 100, skipped: 5, cursor: 'here', emptySince: NOW - 1000 };
const PAGE = { processed: 10, skipped: 2, done: false };

describe('a job', () => {
  test('is in the due index from the start: a repair early, for its change is under way', () => {
    const { step, status, checkAt, createdAt, updatedAt } = MADE;
    expect({ step, status, createdAt, updatedAt }).toEqual({
      step: 0,
      status: 'running',
      createdAt: NOW - 60_000,
      updatedAt: NOW - 60_000,
    });
    expect(checkAt).toBe(createdAt + 15 * 60_000);
    expect(newJob({ tenantId: 'acme', kind: 'repair' }, 'job_2', NOW).checkAt).toBe(NOW + 60_000);
    expect(newJob({ tenantId: 'acme', kind: 'probe' }, 'job_3', NOW).checkAt).toBe(NOW + 5 * 60_000);
  });

  test('goes on after a page from where that says, and forgets where it was', () => {
    const next = afterPage(RUNNING, { ...PAGE, cursor: 'there' }, NOW);
    expect(next).toMatchObject({ status: 'running', step: 4, processed: 110, skipped: 7, cursor: 'there' });
    expect(next.checkAt).toBe(NOW + 15 * 60_000);
    expect(next).not.toHaveProperty('emptySince');
    expect(afterPage(RUNNING, PAGE, NOW)).not.toHaveProperty('cursor');
    expect(afterPage(RUNNING, { ...PAGE, checkAt: NOW + 7 }, NOW).checkAt).toBe(NOW + 7);
  });

  test('that is leased is checked again when the lease ends', () => {
    expect(leased(RUNNING, NOW)).toEqual({ ...RUNNING, step: 4, checkAt: NOW + 2 * 60_000, updatedAt: NOW });
  });

  test('that is checked keeps its step, so that the message of a page under way is no more than a second one', () => {
    expect(checked(RUNNING, NOW)).toEqual({ ...RUNNING, checkAt: NOW + 15 * 60_000, updatedAt: NOW });
  });

  test.each([
    ['done', afterPage(RUNNING, { ...PAGE, done: true }, NOW)],
    ['done', ended(RUNNING, NOW)],
    ['cancelled', cancelled(RUNNING, NOW)],
  ])('that is %s has left the due index, and its step is stale', (status, job) => {
    expect(job).toMatchObject({ status, step: 4, updatedAt: NOW });
    expect(job).not.toHaveProperty('checkAt');
  });

  test('that was cancelled counts the page that was under way, and stays cancelled', () => {
    const late = countedLate(cancelled(RUNNING, NOW), PAGE);
    expect(late).toMatchObject({ status: 'cancelled', step: 5, processed: 110, skipped: 7 });
    expect(late).not.toHaveProperty('checkAt');
  });

  test('that skips nothing by its kind counts no skipped ones', () => {
    const { skipped: _, ...release } = RUNNING;
    expect(afterPage(release, PAGE, NOW)).not.toHaveProperty('skipped');
  });
});
