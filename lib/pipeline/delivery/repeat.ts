import type { Delivery } from '../../domain/delivery.ts';
import { deadLetterVoided } from '../../domain/delivery-changes/dead-letters.ts';
import { repeated } from '../../domain/delivery-changes/resends.ts';
import { isFinal, transition } from '../../domain/delivery-state.ts';
import type { Event } from '../../domain/event.ts';
import type { DeliveryKey } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from './change-record.ts';
import { matchedAtIngest } from './event-endpoints.ts';

export type RepeatPorts = Pick<Ports, 'clock' | 'events' | 'deliveries'>;

/** One event for one endpoint: all deliveries of it differ in their ordinal only. */
export interface Pair {
  event: Event;
  endpointId: string;
}

/**
 * Records a new delivery that repeats a finished one, with a fresh schedule, due now: it is in the due index before its
 * message is sent. An ordinal that was taken meanwhile is passed over. The caller then calls {@link voidDeadLetter}.
 * @param retryId of a retry with a key, which makes one delivery however many processes work it
 * @returns undefined when another process has recorded the delivery of this retry
 */
export async function recordRepeat(
  ports: RepeatPorts,
  event: Event,
  from: Delivery,
  retryId?: string,
): Promise<Delivery | undefined> {
  const origin = { retriedFromOrdinal: from.ordinal, ...(retryId !== undefined && { retryId }) };
  for (;;) {
    const records = await deliveriesOfPair(ports, from);
    if (retryId !== undefined && records.some((one) => one.retryId === retryId)) return undefined;
    const { ordinal } = records.at(-1) ?? from;
    const repeat = repeated(event, { endpointId: from.endpointId, ordinal: ordinal + 1 }, origin, ports.clock.now());
    const record = await ports.deliveries.writeUnlessSuperseded(repeat);
    if (record) return record;
  }
}

/** What a job did with a pair: `made` has a message to send; `done`: made before, by this job. */
export type Repeated = { kind: 'made'; record: Delivery } | { kind: 'done' } | { kind: 'left' };

/**
 * Records a job's delivery of a pair: one at most, however often and by how many processes at once it is asked for. A
 * pair that still waits is left alone.
 * @param only the ordinal that must be the pair's latest: a pair that was repeated since is left alone
 */
export async function recordOnceForJob(ports: RepeatPorts, job: Job, pair: Pair, only?: number): Promise<Repeated> {
  const { event, endpointId } = pair;
  for (;;) {
    const records = await deliveriesOfPair(ports, { tenantId: event.tenantId, eventId: event.id, endpointId });
    const before = records.find(({ jobId }) => jobId === job.id);
    if (before) {
      // Whoever made it may have died before its next step.
      const original = records.find(({ ordinal }) => ordinal === before.retriedFromOrdinal);
      if (original) await voidDeadLetter(ports, original);
      return { kind: 'done' };
    }
    if (event.payloadDeleted) return { kind: 'left' };
    const latest = records.at(-1);
    if (only !== undefined && latest?.ordinal !== only) return { kind: 'left' };
    if (latest ? !isFinal(latest.status) : await matchedAtIngest(ports, event, endpointId)) return { kind: 'left' };
    if (!latest) await ports.events.addEndpointUnlessThere(event.tenantId, event.id, endpointId);
    const key = { endpointId, ordinal: latest ? latest.ordinal + 1 : 0 };
    const origin = { jobId: job.id, ...(latest && { retriedFromOrdinal: latest.ordinal }) };
    const repeat = repeated(event, key, origin, ports.clock.now());
    const record = await ports.deliveries.writeUnlessSuperseded(repeat);
    if (record) {
      if (latest) await voidDeadLetter(ports, latest);
      return { kind: 'made', record };
    }
  }
}

/** By ordinal, ascending. */
export async function deliveriesOfPair(
  ports: Pick<Ports, 'deliveries'>,
  { tenantId, eventId, endpointId }: Omit<DeliveryKey, 'ordinal'>,
): Promise<Delivery[]> {
  const records = await ports.deliveries.ofEvent(tenantId, eventId, [endpointId]);
  return records.toSorted((a, b) => a.ordinal - b.ordinal);
}

/**
 * A redrive of a delivery that has been repeated would send it twice: its message in the exhausted queue is made
 * stale, and one that is only half on its way there is not sent (invariant 9).
 */
export async function voidDeadLetter(ports: RepeatPorts, original: Delivery): Promise<void> {
  await changeRecord(ports, original, (present) =>
    transition(present, 'replaced').action === 'void' ? deadLetterVoided(present, ports.clock.now()) : undefined,
  );
}
