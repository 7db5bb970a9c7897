import type { Delivery } from '../../domain/delivery.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { matchedAtIngest } from '../delivery/event-endpoints.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { newRecord } from '../delivery/new-record.ts';
import { CHECK_GRACE } from '../delivery/times.ts';

type RepeatPorts = Pick<Ports, 'clock' | 'events' | 'deliveries'>;

/** One event for one endpoint: all deliveries of it differ in their ordinal only. */
export interface Pair {
  event: Event;
  endpointId: string;
}

/**
 * Records a new delivery that repeats a finished one, with a fresh schedule, due now: it is in the due index before its
 * message is sent (E1). An ordinal that another has taken meanwhile is passed over.
 */
export async function recordRepeat(ports: RepeatPorts, event: Event, from: Delivery): Promise<Delivery> {
  const pair = { event, endpointId: from.endpointId };
  for (;;) {
    const latest = (await deliveriesOfPair(ports, pair)).at(-1) ?? from;
    const repeat = repeatOf(ports, pair, latest.ordinal + 1, { retriedFromOrdinal: from.ordinal });
    const record = await ports.deliveries.writeUnlessSuperseded(repeat);
    if (record) {
      await voidDeadLetter(ports, from);
      return record;
    }
  }
}

/** What a job did with a pair: `made` has a message to send; `done`: made before, by this job. */
export type Repeated = { kind: 'made'; record: Delivery } | { kind: 'done' } | { kind: 'left' };

/**
 * Records a job's delivery of a pair: one at most, however often and by how many processes at once it is asked for. A
 * pair that still waits is left alone.
 * @param only the ordinal that must be the pair's latest: what was repeated since is left alone
 */
export async function recordOnceForJob(ports: RepeatPorts, job: Job, pair: Pair, only?: number): Promise<Repeated> {
  const { event, endpointId } = pair;
  for (;;) {
    const records = await deliveriesOfPair(ports, pair);
    const before = records.find(({ jobId }) => jobId === job.id);
    if (before) {
      // Whoever made it may have died before its next step.
      const repeated = records.find(({ ordinal }) => ordinal === before.retriedFromOrdinal);
      if (repeated) await voidDeadLetter(ports, repeated);
      return { kind: 'done' };
    }
    const latest = records.at(-1);
    if (only !== undefined && latest?.ordinal !== only) return { kind: 'left' };
    if (latest ? !isFinal(latest.status) : await matchedAtIngest(ports, event, endpointId)) return { kind: 'left' };
    if (!latest) await ports.events.addEndpointUnlessThere(event.tenantId, event.id, endpointId);
    const repeat = repeatOf(ports, pair, latest ? latest.ordinal + 1 : 0, {
      jobId: job.id,
      ...(latest && { retriedFromOrdinal: latest.ordinal }),
    });
    const record = await ports.deliveries.writeUnlessSuperseded(repeat);
    if (record) {
      if (latest) await voidDeadLetter(ports, latest);
      return { kind: 'made', record };
    }
  }
}

/** By ordinal, ascending. */
async function deliveriesOfPair(ports: RepeatPorts, { event, endpointId }: Pair): Promise<Delivery[]> {
  const records = await ports.deliveries.ofEvent(event.tenantId, event.id, [endpointId]);
  return records.toSorted((a, b) => a.ordinal - b.ordinal);
}

function repeatOf(
  ports: RepeatPorts,
  { event, endpointId }: Pair,
  ordinal: number,
  origin: Pick<Delivery, 'jobId' | 'retriedFromOrdinal'>,
): Delivery {
  const now = ports.clock.now();
  return {
    ...newRecord(event, { tenantId: event.tenantId, endpointId, eventId: event.id, ordinal }),
    ...origin,
    epoch: 1,
    dueAt: now,
    checkAt: now + CHECK_GRACE,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * A redrive of what has been repeated by hand would send it twice: a raised epoch makes its message in the exhausted
 * queue stale, and one that is only half on its way there is not sent (B6).
 */
async function voidDeadLetter(ports: RepeatPorts, repeated: Delivery): Promise<void> {
  await changeRecord(ports, repeated, (present) => {
    if (present.status !== 'exhausted') return undefined;
    const { dlqPending: _, checkAt: __, ...rest } = present;
    return { ...rest, epoch: present.epoch + 1, updatedAt: ports.clock.now() };
  });
}
