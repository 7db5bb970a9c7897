import type { AttemptSummary, Delivery } from './delivery.ts';
import { type NextDelivery, type Wait, allow, waitFields } from './delivery-changes.ts';
import type { Outcome } from './outcome.ts';
import { CHECK_GRACE } from './times.ts';

/* Every next record of a delivery after an attempt, and those of an exhausted one: see delivery-changes.ts. */

/** One request that was made for a delivery. */
export interface MadeAttempt {
  outcome: Outcome;
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
}

export function delivered(record: Delivery, made: MadeAttempt, now: number): NextDelivery {
  return allow(record, 'succeeded', { ...settled(withAttempt(record, made, now)), status: 'delivered' });
}

/** The attempt failed, and the next one waits for its time. */
export function waitsAfterFailure(record: Delivery, made: MadeAttempt, wait: Wait, now: number): NextDelivery {
  const { heldAt: _, ...attempted } = withAttempt(record, made, now);
  const next = { ...attempted, ...waitFields(record, wait) };
  return wait.mode === 'park'
    ? allow(record, 'failed-far', { ...next, status: 'parked' })
    : allow(record, 'failed', { ...next, status: 'retrying' });
}

/** The attempt failed, and its delivery was held meanwhile: it stays so. */
export function notedWhileHeld(record: Delivery, made: MadeAttempt, now: number): NextDelivery {
  return allow(record, 'failed', { ...withAttempt(record, made, now), status: 'held' });
}

/** The customer answered to the attempt that is recorded last that it wants no more, and its endpoint is disabled. */
export function abandonedAsGone(record: Delivery, now: number): NextDelivery {
  const fields = { status: 'abandoned', statusReason: 'disabled', updatedAt: now } as const;
  return allow(record, 'failed-gone', { ...settled(record), ...fields });
}

/** The last attempt failed. The new epoch is its dead letter's, and the mark stays until that is accepted. */
export function exhausted(record: Delivery, made: MadeAttempt, now: number): NextDelivery {
  return allow(record, 'failed-last', {
    ...settled(withAttempt(record, made, now)),
    status: 'exhausted',
    epoch: record.epoch + 1,
    dlqPending: true,
    checkAt: now + CHECK_GRACE,
  });
}

/** The attempt counts, a first one opens the schedule, and our own faults before it are forgotten. */
function withAttempt(record: Delivery, { outcome, startedAt }: MadeAttempt, now: number): Delivery {
  const { faults: _, statusReason, slot: __, ...rest } = record;
  const summary: AttemptSummary = {
    number: record.attempts.length + 1,
    at: startedAt,
    durationMs: Math.round(outcome.durationMs),
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
    ...(outcome.errorKind && { errorKind: outcome.errorKind }),
    ...(outcome.errorMessage && { errorMessage: outcome.errorMessage }),
  };
  return {
    ...rest,
    ...(record.status === 'held' && statusReason && { statusReason }),
    attempts: [...record.attempts, summary],
    scheduleStartedAt: record.scheduleStartedAt ?? startedAt,
    updatedAt: now,
  };
}

function settled(record: Delivery): Delivery {
  const { dueAt: _, checkAt: __, heldAt: ___, dlqPending: ____, statusReason: _____, ...rest } = record;
  return rest;
}

/** The way to the exhausted queue begins anew: what was sent before is stale. */
export function deadLetterResent(record: Delivery, now: number): NextDelivery {
  return allow(record, 'checked', {
    ...record,
    status: 'exhausted',
    epoch: record.epoch + 1,
    checkAt: now + CHECK_GRACE,
    updatedAt: now,
  });
}

/** The exhausted queue has accepted its message. */
export function deadLetterSent(record: Delivery): NextDelivery {
  const { dlqPending: _, checkAt: __, ...rest } = record;
  return allow(record, 'dead-lettered', { ...rest, status: 'exhausted' });
}

/** It is repeated by hand: its message in the exhausted queue becomes stale, and one on its way there is not sent. */
export function deadLetterVoided(record: Delivery, now: number): NextDelivery {
  const { dlqPending: _, checkAt: __, ...rest } = record;
  return allow(record, 'retried', { ...rest, status: 'exhausted', epoch: record.epoch + 1, updatedAt: now });
}
