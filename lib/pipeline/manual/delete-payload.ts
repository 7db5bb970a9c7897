import { RequestError, notFound } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { createJob, startJob } from '../job-start.ts';

/**
 * Deletes an event's payload: at once for every read, and its deliveries end by a job. The job is written first, and
 * deletes the payload itself if this call dies before (docs/delivery-states.md, Deleted payloads).
 * @returns the job; that of the first call when the payload is deleted already
 * @throws RequestError `not-found`
 */
export async function deletePayload(
  ports: Pick<Ports, 'clock' | 'random' | 'log' | 'events' | 'jobs' | 'queues'>,
  tenantId: string,
  eventId: string,
): Promise<Job> {
  const event = await ports.events.get(tenantId, eventId);
  if (!event) throw notFound('event');
  const before = event.payloadDeleted && (await ports.jobs.get(tenantId, event.payloadDeleted.jobId));
  if (before) return before;
  const job = await createJob(ports, { tenantId, kind: 'erase-payload', selection: { eventId } });
  await ports.events.deletePayload(tenantId, eventId, { at: ports.clock.now(), jobId: job.id });
  ports.log.info('manual.payload-deleted', { tenant_id: tenantId, event_id: eventId, job_id: job.id });
  await startJob(ports, job);
  return job;
}

/** @throws RequestError `payload-deleted`: there is nothing to send */
export function refuseWithoutPayload({ payloadDeleted }: Event): void {
  if (!payloadDeleted) return;
  throw new RequestError('payload-deleted', 'The payload of this event was deleted, so there is nothing to send.');
}
