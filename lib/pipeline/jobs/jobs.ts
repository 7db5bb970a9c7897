import type { Job } from '../../domain/job.ts';
import { afterPage, countedLate, leased } from '../../domain/job-changes.ts';
import { type JobPointer, readJobMessage } from '../../domain/message.ts';
import { PAGE_TIME, PROBE_TIME } from '../../domain/times.ts';
import type { AlertChannels } from '../../ports/alert-channels.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ReceivedMessage } from '../../ports/queues.ts';
import { hideForFault, poisonMessage } from '../delivery/faulty-messages.ts';
import { sendStep } from '../job-start.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../settings.ts';
import { type PagePorts, type PageWork, createPages } from './job-pages.ts';
import type { PageResult } from './page-result.ts';

/** The queues that jobs reads: slow for the probes. */
type JobQueue = 'jobs' | 'slow';

export interface JobBatch {
  queue: JobQueue;
  messages: readonly ReceivedMessage[];
  /** When the function is stopped, milliseconds since the Unix epoch. */
  deadline: number;
}

interface JobTools {
  ports: PagePorts;
  workPage: PageWork;
}

/** Works one page for each message, side by side. Answers the ids of the messages that must come back. */
export function createJobs(
  ports: PagePorts,
  settings: PipelineSettings = DEFAULT_SETTINGS,
  channels: AlertChannels = {},
): (batch: JobBatch) => Promise<string[]> {
  const tools: JobTools = { ports, workPage: createPages(ports, settings, channels) };
  return async (batch) => {
    const { messages } = batch;
    const done = await Promise.all(messages.map((message) => workMessage(tools, batch, message)));
    return messages.filter((_, index) => !done[index]).map(({ messageId }) => messageId);
  };
}

/** True when the message may go. */
async function workMessage(tools: JobTools, { queue, deadline }: JobBatch, message: ReceivedMessage): Promise<boolean> {
  const { ports } = tools;
  const parsed = readJobMessage(message.body);
  if (parsed.kind === 'unreadable') return poisonMessage(ports, queue, message, parsed.why);
  try {
    if (parsed.kind === 'pointer') {
      if ((await workStep(tools, parsed.pointer, deadline)) === 'worked') return true;
      // Visible again at once, for another invocation.
      await ports.queues.hide(queue, message, 0);
      return false;
    }
    ports.log.warn('job.newer', { queue, message_id: message.messageId });
  } catch (cause) {
    ports.log.error('job.fault', cause, { message_id: message.messageId });
  }
  await hideForFault(ports, queue, message);
  return false;
}

/**
 * One page, its cursor written with the next step, then the next step's message. A message of a lower step is stale.
 * `too-late`: the page might not end before the deadline, and nothing was begun.
 */
async function workStep(tools: JobTools, pointer: JobPointer, deadline: number): Promise<'worked' | 'too-late'> {
  const { ports } = tools;
  const found = await ports.jobs.get(pointer.tenantId, pointer.jobId);
  if (found?.status !== 'running' || pointer.step < found.step) return 'worked';
  if (ports.clock.now() + timeFor(found) > deadline) return 'too-late';
  const job = found.kind === 'probe' ? await lease(ports, found) : found;
  if (job) await workAndGoOn(tools, job);
  return 'worked';
}

/** How long a page may take, milliseconds. */
function timeFor({ kind }: Job): number {
  return kind === 'probe' ? PROBE_TIME : PAGE_TIME;
}

async function workAndGoOn({ ports, workPage }: JobTools, job: Job): Promise<void> {
  const result = await workPage(job);
  const next = afterPage(job, result, ports.clock.now());
  if (!(await ports.jobs.replaceIfStep(next, job.step))) return countLate(ports, job, result);
  if (result.checkAt !== undefined) return;
  if (next.status === 'running') await sendStep(ports, next, result.nextInSeconds);
  else ports.log.info('job.done', { job_id: job.id, kind: job.kind, processed: next.processed });
}

/** Takes a lease on work that must not be done twice; undefined when another process has it. It ends by itself. */
async function lease(ports: Pick<Ports, 'clock' | 'jobs'>, job: Job): Promise<Job | undefined> {
  const next = leased(job, ports.clock.now());
  return (await ports.jobs.replaceIfStep(next, job.step)) ? next : undefined;
}

/** A page that was under way when its job was cancelled is counted; nothing follows it. */
async function countLate(ports: Pick<Ports, 'jobs'>, job: Job, page: PageResult): Promise<void> {
  const present = await ports.jobs.get(job.tenantId, job.id);
  if (present?.status !== 'cancelled' || present.step !== job.step + 1) return;
  await ports.jobs.replaceIfStep(countedLate(present, page), present.step);
}
