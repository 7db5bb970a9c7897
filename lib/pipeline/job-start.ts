import { canonicalJson } from '../domain/canonical-json.ts';
import { newJobId } from '../domain/ids.ts';
import type { Job } from '../domain/job.ts';
import { type NewJob, newJob } from '../domain/job-changes.ts';
import { writeJobMessage } from '../domain/message.ts';
import type { Ports } from '../ports/ports.ts';

/** Writes a job, in the due index from the start; {@link startJob} sends its message once its time has come. */
export async function createJob(ports: Pick<Ports, 'clock' | 'random' | 'jobs'>, about: NewJob): Promise<Job> {
  const now = ports.clock.now();
  const job = newJob(about, newJobId({ now: () => now, fraction: () => ports.random.fraction() }), now);
  const created = await ports.jobs.createUnlessExists(job);
  if (!created && !(await isKept(ports, job))) throw new Error(`The new id ${job.id} is taken.`);
  return job;
}

/** Writes a job under a claimed id, or answers the job that another call with the same key has written. */
export async function createJobOnce(ports: Pick<Ports, 'clock' | 'jobs'>, about: NewJob, id: string): Promise<Job> {
  const job = newJob(about, id, ports.clock.now());
  if (await ports.jobs.createUnlessExists(job)) return job;
  return (await ports.jobs.get(job.tenantId, id)) ?? job;
}

/** A client that lost the answer puts the job again, and its id is taken: by the same job. */
async function isKept(ports: Pick<Ports, 'jobs'>, job: Job): Promise<boolean> {
  const present = await ports.jobs.get(job.tenantId, job.id);
  return canonicalJson(present ?? null) === canonicalJson(job);
}

/** Sends a job's first message. When that fails, sweep sends it later: the job is kept. */
export async function startJob(ports: Pick<Ports, 'queues' | 'log'>, job: Job, delaySeconds = 0): Promise<void> {
  try {
    await sendStep(ports, job, delaySeconds);
  } catch (cause) {
    ports.log.error('job.not-sent', cause, { job_id: job.id });
  }
}

/**
 * Sends the message of the step that a job has come to. A probe may wait for a customer who did not answer: it goes where
 * all that may take long goes, and delays no other job.
 */
export async function sendStep(ports: Pick<Ports, 'queues'>, job: Job, delaySeconds = 0): Promise<void> {
  const body = writeJobMessage({ tenantId: job.tenantId, jobId: job.id, step: job.step });
  await ports.queues.send(job.kind === 'probe' ? 'slow' : 'jobs', [{ body, group: job.tenantId, delaySeconds }]);
}
