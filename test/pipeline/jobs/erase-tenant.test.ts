import { describe, expect, test } from 'vitest';
import { newJob } from '../../../lib/domain/job-changes.ts';
import { PAGE_TIME } from '../../../lib/domain/times.ts';
import { type EraseTenantPorts, workEraseTenantPage } from '../../../lib/pipeline/jobs/erase-tenant.ts';

const START = 1_000_000;
const job = {
  ...newJob({ tenantId: 'acme', kind: 'erase-tenant' }, 'job_1', START),
  // The second pass, at its events.
  cursor: JSON.stringify([2, 7]),
};

/** A tenant with so many events, of which each look removes as many as it may. */
function tenantWith(events: number, lookMs: number) {
  let [left, now, looks] = [events, START, 0];
  const ports = {
    clock: { now: () => now },
    tenantData: {
      removeSome: async (_: string, part: string, limit: number) => {
        [now, looks] = [now + lookMs, looks + 1];
        const removed = part === 'events' ? Math.min(limit, left) : 0;
        left -= removed;
        return { removed: removed > 0 ? { events: removed } : {}, done: removed === 0 };
      },
    },
  } as unknown as EraseTenantPorts;
  return { ports, left: () => left, elapsed: () => now - START, looks: () => looks };
}

describe('a page that erases a tenant', () => {
  test('goes on for as long as it has time, and ends well before it is stopped', async () => {
    const tenant = tenantWith(1_000_000, 300);
    const page = await workEraseTenantPage(tenant.ports, job);
    expect(page).toMatchObject({ done: false, nextInSeconds: 0, cursor: job.cursor });
    expect(tenant.looks()).toBeGreaterThan(20);
    expect(tenant.elapsed()).toBeLessThan(PAGE_TIME / 2);
    expect(page.processed).toBe(1_000_000 - tenant.left());
    expect(page.removed).toEqual({ events: page.processed });
  });

  test('ends after so many looks, because a crash would leave all of them uncounted', async () => {
    const tenant = tenantWith(1_000_000, 0);
    const page = await workEraseTenantPage(tenant.ports, job);
    expect(page.done).toBe(false);
    expect(tenant.looks()).toBe(50);
  });

  test('removes what a small tenant has at once', async () => {
    const tenant = tenantWith(700, 1);
    const page = await workEraseTenantPage(tenant.ports, job);
    expect(page).toMatchObject({ done: true, processed: 700, removed: { events: 700 } });
    expect(tenant.left()).toBe(0);
  });
});
