import { type Event, countEndpoints } from '../../domain/event.ts';
import { eventOfFanOutJob, fanOutJobId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { writeDeliveryMessage, writeJobMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import { endpointPageOf, isPaged } from '../delivery/event-endpoints.ts';
import type { Accepted } from './ingest.ts';
import type { KeptEvent } from './keep-event.ts';
import { FINISHED, type PageResult } from '../jobs/page-result.ts';
import { JOB_CHECK, REPEAT_DELAY_SECONDS } from '../delivery/times.ts';

type FanOutPorts = Pick<Ports, 'clock' | 'events' | 'jobs' | 'queues' | 'log'>;

/**
 * Sends the first messages of events that have their endpoints in themselves: together, so that batches are full. Those
 * of an event that was there before are sent late: perhaps another post has sent them at once.
 */
export async function sendFirstMessages(ports: Pick<Ports, 'queues'>, kept: readonly KeptEvent[]): Promise<void> {
  const messages = kept.flatMap(({ event, before }) =>
    firstMessages(event, event.endpointIds).map((message) => ({ ...message, ...delayOf(before) })),
  );
  if (messages.length > 0) await ports.queues.send('deliveries', messages);
}

/**
 * Hands events that have their endpoints in pages to a job each, which stands in the due index before its message goes
 * out: at once from who made the job, late from another post. It is stale for a job that is further on.
 */
export async function startFanOuts(
  ports: Pick<Ports, 'clock' | 'jobs' | 'queues'>,
  kept: readonly KeptEvent[],
): Promise<void> {
  if (kept.length === 0) return;
  const jobs = kept.map(({ event }) => fanOutJob(event, ports.clock.now()));
  const created = await Promise.all(jobs.map((job) => ports.jobs.createUnlessExists(job)));
  const messages = jobs.map(({ tenantId, id, step }, index) => ({
    body: writeJobMessage({ tenantId, jobId: id, step }),
    group: tenantId,
    ...delayOf(!created[index]),
  }));
  await ports.queues.send('jobs', messages);
}

function delayOf(repeated: boolean): Pick<OutgoingMessage, 'delaySeconds'> {
  return repeated ? { delaySeconds: REPEAT_DELAY_SECONDS } : {};
}

function fanOutJob(event: Event, now: number): Job {
  return {
    tenantId: event.tenantId,
    id: fanOutJobId(event.id),
    kind: 'fan-out',
    status: 'running',
    step: 0,
    processed: 0,
    checkAt: now + JOB_CHECK,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * Sends one page's first messages; the cursor is the page's index. A crash before the cursor is written sends the page
 * again: the deliveries that have moved on since acknowledge it.
 */
export async function workFanOutPage(ports: FanOutPorts, job: Job): Promise<PageResult> {
  const event = await ports.events.get(job.tenantId, eventOfFanOutJob(job.id));
  if (!event || !isPaged(event)) {
    ports.log.error('fan-out.missing', new Error('the event of a fan-out is gone'), { job_id: job.id });
    return FINISHED;
  }
  const index = Number(job.cursor ?? 0);
  const endpointIds = await endpointPageOf(ports, event, index);
  await ports.queues.send('deliveries', firstMessages(event, endpointIds));
  const done = index + 1 >= event.endpointPages.pages;
  if (done) ports.log.info('fan-out.done', { ...describeEvent(event), deliveries: countEndpoints(event) });
  return { processed: endpointIds.length, cursor: String(index + 1), done, nextInSeconds: 0 };
}

function firstMessages({ tenantId, id }: Event, endpointIds: readonly string[]): OutgoingMessage[] {
  return endpointIds.map((endpointId) => ({
    body: writeDeliveryMessage({ tenantId, endpointId, eventId: id, ordinal: 0, epoch: 0 }),
    group: tenantId,
  }));
}

/** The answer to the post of an event whose messages were accepted. */
export function noteAccepted(ports: Pick<Ports, 'log'>, { event, before }: KeptEvent): Accepted {
  const deliveries = countEndpoints(event);
  ports.log.info(before ? 'ingest.repeated' : 'ingest.accepted', { ...describeEvent(event), deliveries });
  return { id: event.id, deliveries };
}

/** The fields of a log line about an event. */
function describeEvent({ tenantId, id, type }: Event) {
  return { tenant_id: tenantId, event_id: id, event_type: type };
}
