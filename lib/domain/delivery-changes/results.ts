import type { AttemptSummary, Delivery } from '../delivery.ts';
import type { AttemptTrigger } from '../delivery-triggers.ts';
import type { Outcome } from '../outcome.ts';
import { CHECK_GRACE } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';
import { type Wait, waitFields } from './waits.ts';

/* Every next record of a delivery for which an attempt was made. */

/** One request that was made for a delivery. */
export interface MadeAttempt {
  outcome: Outcome;
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
  /** Fingerprints of the secrets that signed it, newest first. */
  signedWith?: readonly string[];
}

/** @throws Error when the table allows no such status for the trigger that was decided on */
export function delivered(record: Delivery, trigger: AttemptTrigger, made: MadeAttempt, now: number): NextDelivery {
  return change(record, trigger, 'delivered', attemptFields(record, made, now));
}

/** The attempt failed, and the next one waits for its time. */
export function waitsAfterFailure(
  record: Delivery,
  trigger: AttemptTrigger,
  made: MadeAttempt,
  wait: Wait,
  now: number,
): NextDelivery {
  return change(record, trigger, wait.mode === 'park' ? 'parked' : 'retrying', {
    ...attemptFields(record, made, now),
    ...waitFields(record, wait),
    // What it had to wait for is over.
    statusReason: undefined,
    slot: undefined,
    faults: undefined,
  });
}

/** The attempt failed, and its delivery was held meanwhile: it stays so. */
export function notedWhileHeld(
  record: Delivery,
  trigger: AttemptTrigger,
  made: MadeAttempt,
  now: number,
): NextDelivery {
  return change(record, trigger, 'held', { ...attemptFields(record, made, now), faults: undefined });
}

/** The customer answered to the attempt that is recorded last that it wants no more, and its endpoint is disabled. */
export function abandonedAsGone(record: Delivery, now: number): NextDelivery {
  return change(record, 'failed-gone', 'abandoned', { statusReason: 'disabled', updatedAt: now });
}

/** The last attempt failed. The new epoch is its dead letter's, and the mark stays until that is accepted. */
export function exhausted(record: Delivery, trigger: AttemptTrigger, made: MadeAttempt, now: number): NextDelivery {
  return change(record, trigger, 'exhausted', {
    ...attemptFields(record, made, now),
    epoch: record.epoch + 1,
    dlqPending: true,
    checkAt: now + CHECK_GRACE,
  });
}

/** A summary has 200 bytes. The oldest of more are left out. */
const MAX_SIGNERS = 5;

type AttemptFields = Pick<Delivery, 'attempts' | 'updatedAt'> & { scheduleStartedAt: number };

/** The attempt counts, and a first one opens the schedule. */
function attemptFields(
  record: Delivery,
  { outcome, startedAt, signedWith = [] }: MadeAttempt,
  now: number,
): AttemptFields {
  const summary: AttemptSummary = {
    number: record.attempts.length + 1,
    at: startedAt,
    durationMs: Math.round(outcome.durationMs),
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
    ...(outcome.errorKind && { errorKind: outcome.errorKind }),
    ...(outcome.errorMessage && { errorMessage: outcome.errorMessage }),
    ...(signedWith.length > 0 && { signedWith: signedWith.slice(0, MAX_SIGNERS).join(' ') }),
  };
  return {
    attempts: [...record.attempts, summary],
    scheduleStartedAt: record.scheduleStartedAt ?? startedAt,
    updatedAt: now,
  };
}
