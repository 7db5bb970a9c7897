import type { AbandonReason, Delivery, HoldReason, RateSlot, WaitReason } from './delivery.ts';
import { type Trigger, stateOf, transition, waitingStatus } from './delivery-state.ts';
import type { Event } from './event.ts';
import { type DeliveryKey, timeOf } from './ids.ts';
import { BRAKE_CHECK, CHECK_GRACE, HOLD_LIMIT, LEAST_CHECK_GRACE, PARK_LEAD, SLOW_CHECK } from './times.ts';

/*
 * Only the functions of this file, of delivery-results.ts and of delivery-resends.ts make the next record of a delivery.
 * Each takes the record as it was read and the present time, in milliseconds since the Unix epoch, and throws an Error
 * when the table of delivery-state.ts does not allow it: a fault of ours.
 */

/** Exists for the compiler only. A copy by spread loses a private member, so a changed copy is not allowed any more. */
declare class Allowed {
  private readonly allowed: true;
}

/** A record that may be written: a change of lib/domain made it, and the table allows its status. */
export type NextDelivery = Readonly<Delivery> & Allowed;

/**
 * The one way to a {@link NextDelivery}; only the files of its changes call it (test/architecture.test.ts).
 * @param read the record as it was read; revision 0: there is none
 * @param next what is to be written in its place
 * @throws Error when the table allows no such status for this trigger: a fault of ours
 */
export function allow(read: Delivery, trigger: Trigger, next: Delivery): NextDelivery {
  if (!transition(read, trigger).to.includes(next.status))
    throw new Error(`A delivery in state ${stateOf(read)} must not become ${next.status} when ${trigger}.`);
  return next as NextDelivery;
}

/** The record that a matched endpoint without one stands for: pending, no attempts, epoch 0, not written. */
export function newRecord(event: Pick<Event, 'type'> | undefined, key: DeliveryKey): Delivery {
  const acceptedAt = timeOf(key.eventId);
  return {
    tenantId: key.tenantId,
    endpointId: key.endpointId,
    eventId: key.eventId,
    ordinal: key.ordinal,
    eventType: event?.type ?? '',
    status: 'pending',
    revision: 0,
    attempts: [],
    epoch: 0,
    scheduleBase: 0,
    createdAt: acceptedAt,
    updatedAt: acceptedAt,
  };
}

/** Its endpoint is paused. */
export function held(record: Delivery, reason: HoldReason, now: number): NextDelivery {
  const { dueAt: _, ...rest } = record;
  return allow(record, 'endpoint-paused', {
    ...rest,
    status: 'held',
    statusReason: reason,
    epoch: record.epoch + 1,
    heldAt: now,
    checkAt: now + HOLD_LIMIT,
    updatedAt: now,
  });
}

type AbandonTrigger = 'endpoint-shut' | 'payload-expired' | 'fault-limit' | 'checked' | 'discarded' | 'shut-by-job';

export function abandoned(record: Delivery, trigger: AbandonTrigger, reason: AbandonReason, now: number): NextDelivery {
  const { dueAt: _, checkAt: __, heldAt: ___, dlqPending: ____, ...rest } = record;
  return allow(record, trigger, { ...rest, status: 'abandoned', statusReason: reason, updatedAt: now });
}

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
export function postponed(record: Delivery, { reason, ...notes }: WaitCause, wait: Wait, now: number): NextDelivery {
  const { slot, ...rest } = record;
  const braked = reason === 'braked';
  return allow(record, 'must-wait', {
    ...rest,
    ...(slot && !braked && { slot }),
    ...notes,
    ...waitFields(record, wait),
    ...(braked && { checkAt: now + BRAKE_CHECK }),
    status: wait.mode === 'park' ? 'parked' : waitingStatus(record),
    statusReason: reason,
    updatedAt: now,
  });
}

/** Its endpoint is slow: it stays due, and the message that goes to slow, of its present epoch, may wait there for days. */
export function handedToSlow(record: Delivery, now: number): NextDelivery {
  const dueAt = record.dueAt ?? now;
  const checkAt = now + SLOW_CHECK;
  return allow(record, 'must-wait', { ...record, status: waitingStatus(record), dueAt, checkAt, updatedAt: now });
}

/** Has its message gone to slow a short while ago? Then sweep looks at it late enough. */
export function isWithSlow({ checkAt = 0 }: Pick<Delivery, 'checkAt'>, now: number): boolean {
  return checkAt >= now + SLOW_CHECK / 2;
}

/** A message came before its time to a queue that has too many: its delivery waits on without one. */
export function parkedEarly(record: Delivery, now: number): NextDelivery {
  const { dueAt = now } = record;
  const wait = waitFields(record, { mode: 'park', dueAt });
  return allow(record, 'pressed', { ...record, ...wait, status: 'parked', updatedAt: now });
}

/** The fields of a record that waits: a new message or a parked delivery has a new epoch. */
export function waitFields(record: Delivery, { mode, dueAt }: Wait): Pick<Delivery, 'epoch'> & WaitTimes {
  const epoch = mode === 'hide' ? record.epoch : record.epoch + 1;
  const checkAt = mode === 'park' ? dueAt - PARK_LEAD : checkAfter(dueAt, record.checkAt);
  return { epoch, dueAt, checkAt };
}

type WaitTimes = Required<Pick<Delivery, 'dueAt' | 'checkAt'>>;

/**
 * When sweep looks at it. A check time that is still a good one is kept: a place in the due index that does not change
 * saves the two writes of a move, and the first retries of most schedules come within minutes.
 */
function checkAfter(dueAt: number, present = 0): number {
  const isGood = present >= dueAt + LEAST_CHECK_GRACE && present <= dueAt + CHECK_GRACE;
  return isGood ? present : dueAt + CHECK_GRACE;
}

/** One more unexpected exception of ours. */
export function faultCounted(record: Delivery): NextDelivery {
  return allow(record, 'faulted', { ...record, faults: (record.faults ?? 0) + 1 });
}
