import type { AlertNotes, Job, JobKind, ProbeNotes, RemovedCounts, TenantPart } from './job.ts';
import { FIRST_COOL_DOWN, JOB_CHECK, PROBE_LEASE, REPAIR_CHECK, SETTLE_CHECK } from './times.ts';

/*
 * Every next record of a job. Each raises the step, so that a message or a page of the step before is stale, but for a
 * check, which sends the message of the same step again. A running job has a check time, and an ended one has none.
 */

/** What a new job is about. */
export type NewJob = Pick<Job, 'tenantId' | 'kind' | 'endpointId' | 'generation' | 'selection' | 'skipped' | 'alert'>;

/** When sweep first looks at a new job, in milliseconds after it was made. */
const FIRST_CHECK: Partial<Record<JobKind, number>> = {
  probe: FIRST_COOL_DOWN,
  repair: REPAIR_CHECK,
  'erase-payload': REPAIR_CHECK,
  'erase-tenant': REPAIR_CHECK,
  settle: SETTLE_CHECK,
  'status-alert': REPAIR_CHECK,
  'exhausted-alert': REPAIR_CHECK,
};

/** @param now milliseconds since the Unix epoch, here and below */
export function newJob(about: NewJob, id: string, now: number): Job {
  return {
    ...about,
    id,
    status: 'running',
    step: 0,
    processed: 0,
    checkAt: now + (FIRST_CHECK[about.kind] ?? JOB_CHECK),
    createdAt: now,
    updatedAt: now,
  };
}

/** What one page has changed. */
export interface PageCounts {
  processed: number;
  /** Meant, and left as they are. */
  skipped?: number;
  /** Of a tenant that is erased. */
  removed?: RemovedCounts;
}

/** What a page leaves to the next one. */
export interface PageEnd extends PageCounts {
  /** Where the next page starts; absent: at the beginning. */
  cursor?: string;
  emptySince?: number;
  done: boolean;
  /** The next page comes then (milliseconds since the Unix epoch), by sweep: no message is sent. */
  checkAt?: number;
  /** Of a probe, in place of those before. */
  probe?: ProbeNotes;
  /** Of an alert, in place of those before. */
  alert?: AlertNotes;
  /** It is kept as long as if it had been made then: milliseconds since the Unix epoch. */
  keptFrom?: number;
}

/** After a page: done, or on to the next one. */
export function afterPage(job: Job, page: PageEnd, now: number): Job {
  const { cursor: _, checkAt: __, emptySince: ___, ...rest } = job;
  return {
    ...rest,
    ...counted(job, page),
    step: job.step + 1,
    ...(page.cursor !== undefined && { cursor: page.cursor }),
    ...(page.emptySince !== undefined && { emptySince: page.emptySince }),
    status: page.done ? 'done' : 'running',
    ...(page.probe && { probe: page.probe }),
    ...(page.alert && { alert: page.alert }),
    ...(page.keptFrom !== undefined && { createdAt: page.keptFrom }),
    ...(!page.done && { checkAt: page.checkAt ?? now + JOB_CHECK }),
    updatedAt: now,
  };
}

/** Its page must not be worked twice: no other process begins it until the lease ends. */
export function leased(job: Job, now: number): Job {
  return { ...job, step: job.step + 1, checkAt: now + PROBE_LEASE, updatedAt: now };
}

/** Its message is sent again by sweep. */
export function checked(job: Job, now: number): Job {
  return { ...job, checkAt: now + JOB_CHECK, updatedAt: now };
}

/**
 * A delivery was exhausted of which no alert has told yet. A job that has ended begins anew.
 * @param since when it was exhausted
 */
export function notedExhausted(job: Job, since: number, now: number): Job {
  const { cursor: _, ...ended } = job;
  const known = job.alert?.since ?? since;
  const noted = { step: job.step + 1, alert: { since: Math.min(known, since) }, updatedAt: now };
  if (job.status === 'running') return { ...job, ...noted };
  return { ...ended, ...noted, status: 'running', checkAt: now + REPAIR_CHECK, createdAt: now };
}

/** What it is for is done, by someone else. */
export function ended(job: Job, now: number): Job {
  return stopped(job, 'done', now);
}

export function cancelled(job: Job, now: number): Job {
  return stopped(job, 'cancelled', now);
}

/** A page that was under way when its job was cancelled is counted. */
export function countedLate(job: Job, page: PageCounts): Job {
  return { ...job, ...counted(job, page), step: job.step + 1 };
}

function stopped(job: Job, status: 'done' | 'cancelled', now: number): Job {
  const { checkAt: _, ...rest } = job;
  return { ...rest, status, step: job.step + 1, updatedAt: now };
}

function counted(job: Job, { processed, skipped = 0, removed }: PageCounts): Partial<Job> & Pick<Job, 'processed'> {
  return {
    processed: job.processed + processed,
    ...(job.skipped !== undefined && { skipped: job.skipped + skipped }),
    ...(removed && { removed: sumOf(job.removed ?? {}, removed) }),
  };
}

function sumOf(one: RemovedCounts, other: RemovedCounts): RemovedCounts {
  const sum = { ...one };
  for (const [part, count] of Object.entries(other) as [TenantPart, number][]) sum[part] = (sum[part] ?? 0) + count;
  return sum;
}
