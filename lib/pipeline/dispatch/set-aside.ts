import type { Delivery, WaitReason } from '../../domain/delivery.ts';
import { waitingStatus } from '../../domain/delivery-state.ts';
import type { Attempting } from './attempt.ts';
import { newRecord } from '../delivery/new-record.ts';
import { type Waiting, comeBack, planWaiting } from './retry.ts';
import { BRAKE_CHECK } from '../delivery/times.ts';
import type { Verdict, Visit } from './visit.ts';

/** Why an attempt that is due must wait, and until when (milliseconds since the Unix epoch). */
export type MustWait = {
  reason: WaitReason;
  dueAt: number;
} & Partial<Pick<Delivery, 'slot' | 'faults'>>;

/**
 * Lets an attempt that is due wait: its delivery gets a record, and a first message leaves deliveries, so that it is no
 * burden to the healthy (C5). Under a brake it is parked.
 */
export async function setAside(attempting: Attempting, visit: Visit, why: MustWait): Promise<Verdict | 'reread'> {
  const { ports } = attempting;
  const { record: read, event } = visit.snapshot;
  const { reason, dueAt, ...notes } = why;
  const base = withSlotUnless(reason === 'braked', read ?? newRecord(event, visit.pointer));
  const now = ports.clock.now();
  const waiting =
    reason === 'braked' ? underBrake(base, dueAt, now) : await planWaiting(attempting, visit, base, dueAt, now);
  const record: Delivery = {
    ...base,
    ...notes,
    status: waiting.kind === 'park' ? 'parked' : waitingStatus(base),
    statusReason: reason,
    epoch: waiting.epoch,
    dueAt: waiting.dueAt,
    checkAt: waiting.checkAt,
    updatedAt: now,
  };
  if (!(await ports.deliveries.writeUnlessSuperseded(record))) return 'reread';
  return comeBack(ports, visit, waiting);
}

/**
 * Slots that pass under a brake are gone: each of a limited endpoint's deliveries takes a new one after the release, so
 * that they do not all go at once.
 */
function withSlotUnless(braked: boolean, { slot, ...record }: Delivery): Delivery {
  return { ...record, ...(slot && !braked && { slot }) };
}

/** It stays due: sweep looks now and then whether the brake is still set. */
function underBrake(base: Delivery, dueAt: number, now: number): Waiting {
  return { kind: 'park', epoch: base.epoch + 1, dueAt, checkAt: now + BRAKE_CHECK };
}
