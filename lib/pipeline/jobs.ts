import type { Endpoint } from '../domain/endpoint.ts';
import { newJobId } from '../domain/ids.ts';
import type { Job, JobKind } from '../domain/job.ts';
import { type JobPointer, readJobMessage, writeJobMessage } from '../domain/message.ts';
import type { Ports } from '../ports/ports.ts';
import type { ReceivedMessage } from '../ports/queues.ts';
import { poisonMessage } from './dead-letter.ts';
import { hideForFault } from './faults.ts';
import { workPage } from './job-pages.ts';
import type { PageResult } from './page-result.ts';
import { JOB_CHECK } from './times.ts';

/** Writes a job, in the due index from the start; {@link startJob} sends its message once its time has come. */
export async function createJob(
  ports: Pick<Ports, 'clock' | 'random' | 'jobs'>,
  endpoint: Pick<Endpoint, 'tenantId' | 'id' | 'generation'>,
  kind: JobKind,
): Promise<Job> {
  const now = ports.clock.now();
  const job: Job = {
    tenantId: endpoint.tenantId,
    id: newJobId({ now: () => now, fraction: () => ports.random.fraction() }),
    kind,
    endpointId: endpoint.id,
    generation: endpoint.generation,
    status: 'running',
    step: 0,
    processed: 0,
    checkAt: now + JOB_CHECK,
    createdAt: now,
    updatedAt: now,
  };
  if (!(await ports.jobs.createUnlessExists(job))) throw new Error(`The new id ${job.id} is taken.`);
  return job;
}

/** Sends a job's first message. When that fails, sweep sends it later: the change that asked for it stands. */
export async function startJob(ports: Pick<Ports, 'queues' | 'log'>, job: Job): Promise<void> {
  try {
    await sendStep(ports, job, 0);
  } catch (cause) {
    ports.log.error('job.not-sent', cause, { job_id: job.id });
  }
}

async function sendStep(ports: Pick<Ports, 'queues'>, job: Job, delaySeconds: number): Promise<void> {
  const body = writeJobMessage({ tenantId: job.tenantId, jobId: job.id, step: job.step });
  await ports.queues.send('jobs', [{ body, group: job.tenantId, delaySeconds }]);
}

export interface JobBatch {
  messages: readonly ReceivedMessage[];
}

/** Works one page for each message. Answers the ids of the messages that must come back. */
export function createJobs(ports: Ports): (batch: JobBatch) => Promise<string[]> {
  return async ({ messages }) => {
    const kept: string[] = [];
    for (const message of messages) if (!(await workMessage(ports, message))) kept.push(message.messageId);
    return kept;
  };
}

/** True when the message may go. */
async function workMessage(ports: Ports, message: ReceivedMessage): Promise<boolean> {
  const parsed = readJobMessage(message.body);
  if (parsed.kind === 'unreadable') return poisonMessage(ports, 'jobs', message, parsed.why);
  try {
    if (parsed.kind === 'pointer') {
      await workStep(ports, parsed.pointer);
      return true;
    }
  } catch (cause) {
    ports.log.error('job.fault', cause, { message_id: message.messageId });
  }
  await hideForFault(ports, 'jobs', message);
  return false;
}

/** One page, its cursor written with the next step, then the next step's message (E2). A lower step is stale. */
async function workStep(ports: Ports, pointer: JobPointer): Promise<void> {
  const job = await ports.jobs.get(pointer.tenantId, pointer.jobId);
  if (job?.status !== 'running' || pointer.step < job.step) return;
  const result = await workPage(ports, job);
  const next = afterPage(job, result, ports.clock.now());
  if (!(await ports.jobs.replaceIfStep(next, job.step))) return countLate(ports, job, result);
  if (next.status === 'running') await sendStep(ports, next, result.nextInSeconds);
  else ports.log.info('job.done', { job_id: job.id, kind: job.kind, processed: next.processed });
}

/** A page that was under way when its job was cancelled counts; nothing follows it. */
async function countLate(ports: Ports, job: Job, { processed, skipped = 0 }: PageResult): Promise<void> {
  const present = await ports.jobs.get(job.tenantId, job.id);
  if (present?.status !== 'cancelled' || present.step !== job.step + 1) return;
  const counted: Job = {
    ...present,
    step: present.step + 1,
    processed: present.processed + processed,
    ...(present.skipped !== undefined && { skipped: present.skipped + skipped }),
  };
  await ports.jobs.replaceIfStep(counted, present.step);
}

function afterPage(job: Job, result: PageResult, now: number): Job {
  const { cursor: _, checkAt: __, emptySince: ___, ...rest } = job;
  return {
    ...rest,
    step: job.step + 1,
    processed: job.processed + result.processed,
    ...(job.skipped !== undefined && { skipped: job.skipped + (result.skipped ?? 0) }),
    ...(result.cursor !== undefined && { cursor: result.cursor }),
    ...(result.emptySince !== undefined && { emptySince: result.emptySince }),
    status: result.done ? 'done' : 'running',
    ...(!result.done && { checkAt: now + JOB_CHECK }),
    updatedAt: now,
  };
}
