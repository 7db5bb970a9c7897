import type { Delivery } from '../../domain/delivery.ts';
import { abandoned } from '../../domain/delivery-changes.ts';
import { resent, stillBraked } from '../../domain/delivery-resends.ts';
import { deadLetterResent } from '../../domain/delivery-results.ts';
import { transition } from '../../domain/delivery-state.ts';
import { JOB_CHECK } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToExhausted } from '../delivery/dead-letter.ts';
import { sendStep } from '../job-start.ts';

/** What moving on one entry of the due index takes. */
export type CheckPorts = Pick<Ports, 'clock' | 'log' | 'brakes' | 'deliveries' | 'jobs' | 'queues'>;

/**
 * Moves one delivery on whose check time has come; the index may lag, so the record decides. A record that is superseded
 * meanwhile stays in the index as the other write left it, and the next sweep comes to it.
 * @returns the record whose message must be sent, of its new epoch; undefined when there is none to send
 */
export async function checkDelivery(ports: CheckPorts, record: Delivery): Promise<Delivery | undefined> {
  const now = ports.clock.now();
  if (record.checkAt === undefined || record.checkAt > now) return undefined;
  const trigger = (await isStillBraked(ports, record)) ? 'checked-braked' : 'checked';
  switch (transition(record, trigger).action) {
    case 'resend':
      return ports.deliveries.writeUnlessSuperseded(resent(record, now));
    case 'stay-parked':
      await ports.deliveries.writeUnlessSuperseded(stillBraked(record, now));
      return undefined;
    case 'dead-letter':
      if (record.dlqPending) await deadLetterAgain(ports, record, now);
      return undefined;
    case 'expire':
      await expire(ports, record, now);
      return undefined;
    default:
      return undefined;
  }
}

async function isStillBraked(ports: Pick<Ports, 'brakes'>, { statusReason, tenantId }: Delivery): Promise<boolean> {
  if (statusReason !== 'braked') return false;
  const set = await Promise.all([ports.brakes.get('deployment'), ports.brakes.get({ tenantId })]);
  return set.some((at) => at !== undefined);
}

async function deadLetterAgain(ports: CheckPorts, record: Delivery, now: number): Promise<void> {
  const written = await ports.deliveries.writeUnlessSuperseded(deadLetterResent(record, now));
  if (written) await sendToExhausted(ports, written);
}

/** It was held for as long as a delivery may be. */
async function expire(ports: CheckPorts, record: Delivery, now: number): Promise<void> {
  const written = await ports.deliveries.writeUnlessSuperseded(abandoned(record, 'checked', 'expired', now));
  if (!written) return;
  ports.log.warn('sweep.expired', {
    tenant_id: record.tenantId,
    endpoint_id: record.endpointId,
    event_id: record.eventId,
  });
}

/** Sends the message of a job that has not moved again. */
export async function checkJob(ports: CheckPorts, tenantId: string, jobId: string): Promise<void> {
  const now = ports.clock.now();
  const job = await ports.jobs.get(tenantId, jobId);
  if (job?.checkAt === undefined || job.checkAt > now) return;
  const moved = { ...job, checkAt: now + JOB_CHECK, updatedAt: now };
  if (!(await ports.jobs.replaceIfStep(moved, job.step))) return;
  await sendStep(ports, moved);
}
