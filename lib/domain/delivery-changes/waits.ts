import { type Delivery, type RateSlot, type WaitReason, scheduleStart } from '../delivery.ts';
import { waitingStatus } from '../delivery-state.ts';
import type { CheckTrigger, Trigger } from '../delivery-triggers.ts';
import { BRAKE_CHECK, CHECK_GRACE, LEAST_CHECK_GRACE, PARK_LEAD, SLOW_CHECK } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';

/* Every next record of a delivery that waits because no attempt could be made. */

/** How a delivery waits: its own message hidden, a new message, or none until sweep sends one. */
export type WaitMode = 'hide' | 'replace' | 'park';

/** When a delivery is due, and how it waits until then. */
export interface Wait {
  mode: WaitMode;
  /** Milliseconds since the Unix epoch. */
  dueAt: number;
}

/** Why an attempt that is due must wait. */
export interface WaitCause {
  reason: WaitReason;
  /** The rate slot that the due time is. */
  slot?: RateSlot;
  /** Unexpected exceptions of ours so far. */
  faults?: number;
}

/**
 * An attempt that is due waits. Under a brake it is parked and stays due, and its rate slot is void: each of a limited
 * endpoint's deliveries takes a new one after the release, so that they do not all go at once.
 */
export function postponed(
  record: Delivery,
  trigger: Trigger,
  { reason, ...notes }: WaitCause,
  wait: Wait,
  now: number,
): NextDelivery {
  const status = wait.mode === 'park' ? 'parked' : waitingStatus(record);
  return change(record, trigger, status, {
    ...notes,
    ...waitFields(record, wait),
    ...(reason === 'braked' && { slot: undefined, checkAt: now + BRAKE_CHECK }),
    scheduleStartedAt: scheduleStart(record, now),
    statusReason: reason,
    updatedAt: now,
  });
}

/** Its endpoint is slow: it stays due, and the message that goes to slow, of its present epoch, may wait there for days. */
export function handedToSlow(record: Delivery, now: number): NextDelivery {
  return change(record, 'must-wait', waitingStatus(record), {
    dueAt: record.dueAt ?? now,
    checkAt: now + SLOW_CHECK,
    scheduleStartedAt: scheduleStart(record, now),
    updatedAt: now,
  });
}

/** Has its message gone to slow a short while ago? Then sweep looks at it late enough. */
export function isWithSlow({ checkAt = 0 }: Pick<Delivery, 'checkAt'>, now: number): boolean {
  return checkAt >= now + SLOW_CHECK / 2;
}

/** A message came before its time to a queue that has too many: its delivery waits on without one. */
export function parkedEarly(record: Delivery, now: number): NextDelivery {
  const { dueAt = now } = record;
  return change(record, 'pressed', 'parked', { ...waitFields(record, { mode: 'park', dueAt }), updatedAt: now });
}

/** No message while the brake is set: sweep looks again later. */
export function stillBraked(record: Delivery, trigger: CheckTrigger, now: number): NextDelivery {
  return change(record, trigger, record.status, { checkAt: now + BRAKE_CHECK, updatedAt: now });
}

/** One more unexpected exception of ours: the same message comes back. */
export function faultCounted(record: Delivery): NextDelivery {
  return change(record, 'faulted', record.status, { faults: (record.faults ?? 0) + 1 });
}

type WaitFields = Required<Pick<Delivery, 'epoch' | 'dueAt' | 'checkAt'>>;

/** The fields of a record that waits: a new message or a parked delivery has a new epoch. */
export function waitFields(record: Delivery, { mode, dueAt }: Wait): WaitFields {
  const epoch = mode === 'hide' ? record.epoch : record.epoch + 1;
  const checkAt = mode === 'park' ? dueAt - PARK_LEAD : checkAfter(dueAt, record.checkAt);
  return { epoch, dueAt, checkAt };
}

/**
 * When sweep looks at it. A check time that is still a good one is kept: a place in the due index that does not change
 * saves the two writes of a move, and the first retries of most schedules come within minutes.
 */
function checkAfter(dueAt: number, present = 0): number {
  const isGood = present >= dueAt + LEAST_CHECK_GRACE && present <= dueAt + CHECK_GRACE;
  return isGood ? present : dueAt + CHECK_GRACE;
}
