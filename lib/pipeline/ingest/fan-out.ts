import { countEndpoints } from '../../domain/event.ts';
import { fanOutJobId } from '../../domain/ids.ts';
import { newJob } from '../../domain/job-changes.ts';
import { writeJobMessage } from '../../domain/message.ts';
import type { PollEntry } from '../../domain/poll-entry.ts';
import { traceParentOf } from '../../domain/trace-parent.ts';
import { REPEAT_DELAY_SECONDS } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import { firstMessagesOf } from './first-messages.ts';
import type { KeptEvent } from './keep-event.ts';
import type { Accepted } from './request.ts';

/**
 * Sends the first messages of events that hold their endpoints themselves: together, so that batches are full. Those of
 * an event that was there before are sent late, because another post may have sent them at once. For endpoints that are
 * polled, entries are written instead.
 */
export async function sendFirstMessages(
  ports: Pick<Ports, 'clock' | 'queues' | 'polls'>,
  kept: readonly KeptEvent[],
): Promise<void> {
  const messages = kept.flatMap((one) => messagesOf(one));
  const entries = kept.flatMap((one) => entriesOf(one, ports.clock.now()));
  await Promise.all([
    messages.length > 0 && ports.queues.send('deliveries', messages),
    entries.length > 0 && ports.polls.add(entries),
  ]);
}

function messagesOf({ event, before, polled, isSent }: KeptEvent): OutgoingMessage[] {
  if (isSent) return [];
  return firstMessagesOf(event, polled).map((message) => ({ ...message, ...delayOf(before) }));
}

function entriesOf({ event, polled }: KeptEvent, writtenAt: number): PollEntry[] {
  const { tenantId, id: eventId, type: eventType } = event;
  return [...(polled ?? [])].map((endpointId) => ({
    tenantId,
    endpointId,
    eventId,
    ordinal: 0,
    eventType,
    writtenAt,
    ...(event.endpointIds[0] === endpointId && { isFirst: true }),
  }));
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
  const jobs = kept.map(({ event: { tenantId, id } }) =>
    newJob({ tenantId, kind: 'fan-out' }, fanOutJobId(id), ports.clock.now()),
  );
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

/** The answer to the post of an event whose messages were accepted. */
export function noteAccepted(ports: Pick<Ports, 'log'>, { event, before, warning }: KeptEvent): Accepted {
  const deliveries = countEndpoints(event);
  const filtered = event.filtered === undefined ? {} : { filtered: event.filtered };
  ports.log.info(before ? 'ingest.repeated' : 'ingest.accepted', {
    tenant_id: event.tenantId,
    event_id: event.id,
    event_type: event.type,
    traceparent: traceParentOf(event),
    deliveries,
    ...filtered,
  });
  return { id: event.id, deliveries, ...filtered, ...(warning !== undefined && { warnings: [warning] }) };
}
