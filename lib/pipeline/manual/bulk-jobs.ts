import { acceptsEvents } from '../../domain/endpoint.ts';
import { RequestError, changedMeanwhile, notFound } from '../../domain/errors.ts';
import { newJobId, timeOf } from '../../domain/ids.ts';
import type { Job, JobKind, JobSelection } from '../../domain/job.ts';
import { type NewJob, cancelled } from '../../domain/job-changes.ts';
import type { Ports } from '../../ports/ports.ts';
import { existing } from '../endpoints/change-status.ts';
import { getJob } from '../history/history.ts';
import { createJob, createJobOnce, startJob } from '../job-start.ts';
import { refuseWithoutPayload } from './delete-payload.ts';
import { type IdempotencyPorts, type KeyedCall, claimForCall } from '../idempotency-key.ts';

/** Writing a job and sending its first message. */
type StartPorts = IdempotencyPorts & Pick<Ports, 'random' | 'jobs' | 'queues' | 'log'>;

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
  keyed?: KeyedCall,
): Promise<Job> {
  const { endpointId, eventType, status, since, until } = filter;
  return startOnce(ports, tenantId, keyed, async (id) => {
    if (endpointId !== undefined) await openEndpoint(ports, tenantId, endpointId);
    const selection: JobSelection = {
      statuses: status ? [status] : ['exhausted', 'abandoned'],
      ...(eventType !== undefined && { eventTypes: [eventType] }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    };
    return createBulkJob(
      ports,
      { tenantId, kind: 'retry', selection, ...(endpointId !== undefined && { endpointId }) },
      id,
    );
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
  keyed?: KeyedCall,
): Promise<Job> {
  return startOnce(ports, tenantId, keyed, async (id) => {
    await openEndpoint(ports, tenantId, endpointId);
    const afterCall = (id === undefined ? ports.clock.now() : timeOf(id)) + 1;
    const selection = { since, until: Math.min(until ?? afterCall, afterCall), ...(eventTypes && { eventTypes }) };
    return createBulkJob(ports, { tenantId, kind: 'replay', endpointId, selection }, id);
  });
}

/**
 * Sends one event again by a job: to the endpoints that match it now, or to those that are named.
 * @throws RequestError `not-found`, `payload-deleted`, `wrong-state` for a test event and for an endpoint that is shut
 */
export async function startEventReplay(
  ports: StartPorts & Pick<Ports, 'endpoints' | 'events'>,
  tenantId: string,
  eventId: string,
  endpointIds?: readonly string[],
  keyed?: KeyedCall,
): Promise<Job> {
  return startOnce(ports, tenantId, keyed, async (id) => {
    const event = await ports.events.get(tenantId, eventId);
    if (!event) throw notFound('event');
    refuseWithoutPayload(event);
    if (event.isTest)
      throw refusal('The event is a test of one endpoint. Send another: `POST /v1/endpoints/{id}/test`.');
    const named = endpointIds && [...new Set(endpointIds)];
    await Promise.all((named ?? []).map((one) => openEndpoint(ports, tenantId, one)));
    const selection = { eventId, ...(named && { endpointIds: named }) };
    return createBulkJob(ports, { tenantId, kind: 'replay', selection }, id);
  });
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
    const next = cancelled(job, ports.clock.now());
    if (await ports.jobs.replaceIfStep(next, job.step)) return next;
  }
  throw changedMeanwhile('job');
}

/**
 * Starts a job; with a key, one job for all calls of that key. A repeated call is answered with the job as it is now. If
 * the first call died before the job was written, the repeated one writes it, under the same id.
 */
async function startOnce(
  ports: StartPorts,
  tenantId: string,
  keyed: KeyedCall | undefined,
  create: (claimed?: string) => Promise<Job>,
): Promise<Job> {
  const job = keyed ? await keyedJob(ports, tenantId, keyed, create) : await create();
  ports.log.info('manual.job-started', { tenant_id: tenantId, job_id: job.id, kind: job.kind });
  // The message of a first step may be lost or sent twice: a job has one page of it in any case.
  if (job.status === 'running' && job.step === 0) await startJob(ports, job);
  return job;
}

async function keyedJob(
  ports: StartPorts,
  tenantId: string,
  keyed: KeyedCall,
  create: (claimed: string) => Promise<Job>,
): Promise<Job> {
  const now = ports.clock.now();
  const id = newJobId({ now: () => now, fraction: () => ports.random.fraction() });
  const { resourceId, repeated } = await claimForCall(ports, tenantId, keyed, id);
  const present = repeated ? await ports.jobs.get(tenantId, resourceId) : undefined;
  return present ?? create(resourceId);
}

/** In the due index from the start: it is done even if its message is never sent (invariant 4). */
function createBulkJob(ports: StartPorts, about: NewJob, claimed: string | undefined): Promise<Job> {
  const job = { ...about, skipped: 0 };
  return claimed === undefined ? createJob(ports, job) : createJobOnce(ports, job, claimed);
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
