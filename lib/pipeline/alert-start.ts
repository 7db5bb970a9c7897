import type { Delivery } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { ServiceFault } from '../domain/errors.ts';
import { isReservedType } from '../domain/event-type.ts';
import { ownJobId } from '../domain/ids.ts';
import type { Job } from '../domain/job.ts';
import { newJob, notedExhausted } from '../domain/job-changes.ts';
import { namingAlert, statusAlertOf } from '../domain/operational-event.ts';
import { GATHER_SECONDS } from '../domain/times.ts';
import type { Ports } from '../ports/ports.ts';
import { createJob, startJob } from './job-start.ts';

type AlertPorts = Pick<Ports, 'clock' | 'jobs' | 'log' | 'queues'>;

/**
 * Writes the job of the alert that a change of an endpoint's status raises, before the change itself. Until the endpoint
 * names the job, the alert waits; when another change came first, it never goes out.
 * @returns the endpoint to be written, which names the job
 */
export async function prepareStatusAlert(
  ports: Pick<Ports, 'clock' | 'random' | 'jobs'>,
  before: Endpoint,
  changed: Endpoint,
): Promise<{ endpoint: Endpoint; alert?: Job }> {
  const type = statusAlertOf(before, changed);
  if (!type) return { endpoint: changed };
  const { tenantId, id: endpointId, generation, statusReason: reason } = changed;
  const notes = { type, ...(reason && { reason }) };
  const alert = await createJob(ports, { tenantId, kind: 'status-alert', endpointId, generation, alert: notes });
  return { endpoint: namingAlert(changed, alert.id), alert };
}

/** Others may note a delivery of the endpoint at the same moment: one of them has then noted it for all. */
const MAX_TRIES = 10;

/**
 * Notes that a delivery was exhausted, so that an alert tells of it; repeating it changes nothing. An endpoint has one
 * job for that, which ends an hour after there was nothing more to tell: then it begins anew. While a note stands, that
 * costs a read.
 * @param exhausted as it was written
 */
export async function noteExhausted(ports: AlertPorts, exhausted: Delivery): Promise<void> {
  // No alert tells of an alert, or of what a person tries out.
  if (exhausted.isTest || isReservedType(exhausted.eventType)) return;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) if (await tryNoting(ports, exhausted)) return;
  throw new ServiceFault('The alert of an endpoint is being changed by others at the same moment.');
}

/** @returns false: superseded */
async function tryNoting(ports: AlertPorts, { tenantId, endpointId, updatedAt: since }: Delivery): Promise<boolean> {
  const now = ports.clock.now();
  const id = ownJobId(endpointId);
  const present = await ports.jobs.get(tenantId, id);
  if (!present) {
    const job = newJob({ tenantId, kind: 'exhausted-alert', endpointId, alert: { since } }, id, now);
    if (!(await ports.jobs.createUnlessExists(job))) return false;
    await startJob(ports, job, GATHER_SECONDS);
    return true;
  }
  const { status, cursor, step, alert } = present;
  const isRunning = status === 'running';
  if (isRunning && alert?.since !== undefined && alert.since <= since) return true;
  const noted = notedExhausted(present, since, now);
  if (!(await ports.jobs.replaceIfStep(noted, step))) return false;
  // The message of the step before is stale now. Between two alerts there is none.
  if (!isRunning || cursor !== undefined) await startJob(ports, noted, isRunning ? 0 : GATHER_SECONDS);
  return true;
}
