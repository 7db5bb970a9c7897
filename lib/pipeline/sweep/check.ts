import type { Delivery } from '../../domain/delivery.ts';
import { deadLetterResent } from '../../domain/delivery-changes/dead-letters.ts';
import { resent } from '../../domain/delivery-changes/resends.ts';
import { abandoned } from '../../domain/delivery-changes/stops.ts';
import { stillBraked } from '../../domain/delivery-changes/waits.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { CheckTrigger } from '../../domain/delivery-triggers.ts';
import { checked } from '../../domain/job-changes.ts';
import type { IsBraked } from '../../ports/brakes.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToExhausted } from '../delivery/dead-letter.ts';
import { sendStep } from '../job-start.ts';

/** What moving on one entry of the due index takes. */
export type CheckPorts = Pick<Ports, 'clock' | 'log' | 'brakes' | 'deliveries' | 'jobs' | 'queues'>;

/** Whether a check has moved its entry, and the record, of its new epoch, whose message must be sent. */
export interface Checked {
  moved: boolean;
  toSend?: Delivery;
  /** When it was due, if it waited for nothing: no brake, and no slot of a rate limit. */
  overdueSince?: number;
}

interface Checking {
  ports: CheckPorts;
  brakes(): Promise<IsBraked>;
}

const UNMOVED: Checked = { moved: false };

/**
 * Moves one delivery on whose check time has come; the index may lag, so the record decides. A record that is superseded
 * meanwhile stays in the index as the other write left it, and the next sweep comes to it.
 */
export async function checkDelivery(checking: Checking, record: Delivery | undefined): Promise<Checked> {
  const { ports } = checking;
  const now = ports.clock.now();
  if (record?.checkAt === undefined || record.checkAt > now) return UNMOVED;
  const trigger = (await isStillBraked(checking, record)) ? 'checked-braked' : 'checked';
  switch (transition(record, trigger).action) {
    case 'resend': {
      const toSend = await ports.deliveries.writeUnlessSuperseded(resent(record, trigger, now));
      const overdueSince = record.statusReason === undefined ? record.dueAt : undefined;
      return toSend ? { moved: true, toSend, ...(overdueSince !== undefined && { overdueSince }) } : UNMOVED;
    }
    case 'stay-parked':
      return { moved: (await ports.deliveries.writeUnlessSuperseded(stillBraked(record, trigger, now))) !== undefined };
    case 'dead-letter':
      return { moved: record.dlqPending === true && (await deadLetterAgain(ports, record, trigger, now)) };
    case 'expire':
      return { moved: await expire(ports, record, trigger, now) };
    case 'none':
      return UNMOVED;
  }
}

async function isStillBraked({ brakes }: Checking, { statusReason, tenantId }: Delivery): Promise<boolean> {
  return statusReason === 'braked' && (await brakes())(tenantId);
}

async function deadLetterAgain(
  ports: CheckPorts,
  record: Delivery,
  trigger: CheckTrigger,
  now: number,
): Promise<boolean> {
  const written = await ports.deliveries.writeUnlessSuperseded(deadLetterResent(record, trigger, now));
  if (written) await sendToExhausted(ports, written);
  return written !== undefined;
}

/** It was held for as long as a delivery may be. */
async function expire(ports: CheckPorts, record: Delivery, trigger: CheckTrigger, now: number): Promise<boolean> {
  const written = await ports.deliveries.writeUnlessSuperseded(abandoned(record, trigger, 'expired', now));
  if (!written) return false;
  ports.log.warn('sweep.expired', {
    tenant_id: record.tenantId,
    endpoint_id: record.endpointId,
    event_id: record.eventId,
  });
  return true;
}

/** Sends the message of a job that has not moved again. */
export async function checkJob(ports: CheckPorts, tenantId: string, jobId: string): Promise<Checked> {
  const now = ports.clock.now();
  const job = await ports.jobs.get(tenantId, jobId);
  if (job?.checkAt === undefined || job.checkAt > now) return UNMOVED;
  const moved = checked(job, now);
  if (!(await ports.jobs.replaceIfStep(moved, job.step))) return UNMOVED;
  await sendStep(ports, moved);
  return { moved: true };
}
