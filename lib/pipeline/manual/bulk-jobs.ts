import { acceptsEvents } from '../../domain/endpoint.ts';
import { RequestError, notFound } from '../../domain/errors.ts';
import type { Job, JobKind, JobSelection } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { existing, tooBusy } from '../endpoints/change-status.ts';
import { getJob } from '../history/history.ts';
import { createJob, startJob } from '../job-start.ts';

/** Writing a job and sending its first message. */
type StartPorts = Pick<Ports, 'clock' | 'random' | 'jobs' | 'queues' | 'log'>;

/** Which finished deliveries to retry; times are milliseconds since the Unix epoch, of the event's acceptance. */
export interface RetryFilter {
  endpointId?: string;
  eventType?: string;
  status?: 'exhausted' | 'abandoned';
  since?: number;
  until?: number;
}

/** Retries finished deliveries by a job. @throws RequestError `not-found`, `wrong-state` for an endpoint that is shut */
export async function startBulkRetry(
  ports: StartPorts & Pick<Ports, 'endpoints'>,
  tenantId: string,
  filter: RetryFilter,
): Promise<Job> {
  const { endpointId, eventType, status, since, until } = filter;
  if (endpointId !== undefined) await openEndpoint(ports, tenantId, endpointId);
  return startBulkJob(ports, tenantId, 'retry', endpointId, {
    statuses: status ? [status] : ['exhausted', 'abandoned'],
    ...(eventType !== undefined && { eventTypes: [eventType] }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  });
}

/**
 * Sends an endpoint the events of a period again by a job, those included that it did not match then: the events that it
 * subscribes to now, or `eventTypes`. Events that come after the call are left out.
 * @throws RequestError `not-found`, `wrong-state` for an endpoint that is shut
 */
export async function startReplay(
  ports: StartPorts & Pick<Ports, 'endpoints'>,
  tenantId: string,
  endpointId: string,
  { since, until, eventTypes }: { since: number; until?: number; eventTypes?: readonly string[] },
): Promise<Job> {
  await openEndpoint(ports, tenantId, endpointId);
  const afterNow = ports.clock.now() + 1;
  return startBulkJob(ports, tenantId, 'replay', endpointId, {
    since,
    until: Math.min(until ?? afterNow, afterNow),
    ...(eventTypes && { eventTypes }),
  });
}

/**
 * Sends one event again by a job: to the endpoints that match it now, or to those that are named.
 * @throws RequestError `not-found`, `wrong-state` for an endpoint that is shut
 */
export async function startEventReplay(
  ports: StartPorts & Pick<Ports, 'endpoints' | 'events'>,
  tenantId: string,
  eventId: string,
  endpointIds?: readonly string[],
): Promise<Job> {
  if (!(await ports.events.get(tenantId, eventId))) throw notFound('event');
  const named = endpointIds && [...new Set(endpointIds)];
  await Promise.all((named ?? []).map((id) => openEndpoint(ports, tenantId, id)));
  return startBulkJob(ports, tenantId, 'replay', undefined, { eventId, ...(named && { endpointIds: named }) });
}

/** Jobs of the other kinds are part of a change of an endpoint. */
const CANCELLABLE: ReadonlySet<JobKind> = new Set(['retry', 'replay']);
const MAX_TRIES = 10;

/**
 * Stops a bulk retry or a replay after the page that is under way. The deliveries that it has made stay.
 * @throws RequestError `not-found`, `wrong-state` for a job that is done or cannot be stopped
 */
export async function cancelJob(ports: Pick<Ports, 'clock' | 'jobs'>, tenantId: string, id: string): Promise<Job> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const job = await getJob(ports, tenantId, id);
    if (!CANCELLABLE.has(job.kind))
      throw refusal('This job carries out a change that was accepted, and runs to its end.');
    if (job.status === 'cancelled') return job;
    if (job.status === 'done') throw refusal('The job is done: there is nothing left to cancel.');
    const { checkAt: _, ...rest } = job;
    const cancelled: Job = { ...rest, status: 'cancelled', step: job.step + 1, updatedAt: ports.clock.now() };
    if (await ports.jobs.replaceIfStep(cancelled, job.step)) return cancelled;
  }
  throw tooBusy('job');
}

/** In the due index from the start: it is done even if its message is never sent (invariant 4). */
async function startBulkJob(
  ports: StartPorts,
  tenantId: string,
  kind: 'retry' | 'replay',
  endpointId: string | undefined,
  selection: JobSelection,
): Promise<Job> {
  const about = { tenantId, kind, selection, skipped: 0, ...(endpointId !== undefined && { endpointId }) };
  const job = await createJob(ports, about);
  ports.log.info('job.started', { tenant_id: tenantId, job_id: job.id, kind });
  await startJob(ports, job);
  return job;
}

/** @throws RequestError `not-found`, `wrong-state`: nothing can be sent to a disabled or revoked one */
async function openEndpoint(ports: Pick<Ports, 'endpoints'>, tenantId: string, endpointId: string): Promise<void> {
  const endpoint = await existing(ports, tenantId, endpointId);
  if (acceptsEvents(endpoint)) return;
  throw refusal(
    endpoint.status === 'disabled'
      ? `The endpoint ${endpointId} is disabled: enable it first.`
      : `The endpoint ${endpointId} is revoked, which is final.`,
  );
}

function refusal(why: string): RequestError {
  return new RequestError('wrong-state', why);
}
