import type { Delivery, DeliveryStatus } from './delivery.ts';

/** `none`: the endpoint matched and nothing is recorded yet, which is pending without a record (protocol A2). */
export type DeliveryState = 'none' | DeliveryStatus;

/** What can happen to a delivery. */
export type Happening =
  // A message of it came up, and the endpoint is active:
  | 'current-due' // of the record's epoch, due
  | 'current-early' // of the record's epoch, from retries, not yet due
  | 'current-early-elsewhere' // of the record's epoch, not from retries, not yet due
  | 'stale' // of a lower epoch
  | 'stale-overdue' // of a lower epoch, and the delivery has been due for two minutes
  | 'unknown-epoch' // of a higher epoch than the record's, or of epoch ≥ 1 without a record
  // A message of it came up, and:
  | 'endpoint-paused'
  | 'endpoint-shut' // disabled, revoked, deleted, or the delivery is older than the last disable
  | 'payload-expired' // the event or the endpoint is gone by age
  // An attempt was made, or could not be:
  | 'succeeded'
  | 'failed'
  | 'failed-far' // the next attempt is too far off for a queue
  | 'failed-last'
  | 'failed-gone' // the customer wants no more: its endpoint is now disabled
  | 'must-wait' // for a fault of ours, a brake or a rate slot
  | 'fault-limit' // an unexpected exception of ours for the fifth time
  // Its check time came, or a person or a job acts:
  | 'checked'
  | 'released'
  | 'discarded'
  | 'shut-by-job'
  | 'retried'; // by hand, while its endpoint takes deliveries

/** What to do about it; each is one function of the pipeline, save the trivial ones. */
export type Act =
  | 'attempt'
  | 'acknowledge' // nothing to do: the message may go
  | 'hide' // until due
  | 'fault' // ours: see protocol C7
  | 'hold'
  | 'abandon'
  | 'redrive' // a fresh schedule, due now
  | 'settle' // write the result: that was the last step
  | 'wait' // write the result and make sure that a message comes back when due
  | 'exhaust' // write the result, then send to the exhausted queue
  | 'note' // write the attempt, change nothing else
  | 'set-aside' // leave deliveries: record it and send it to retries
  | 'poison'
  | 'resend' // a new message, of a new epoch
  | 'dead-letter' // the half-finished way to the exhausted queue, again
  | 'expire'
  | 'send-first' // its first message, again
  | 'renew' // a new delivery, of the next ordinal
  | 'none';

/** Where it goes; `waiting` is pending before the first attempt and retrying after it. */
export type Target = DeliveryState | 'waiting';

export interface Transition {
  to: Target;
  act: Act;
}

type Row = Readonly<Record<Happening, Transition>>;

const go = (to: Target, act: Act): Transition => ({ to, act });

/** A waiting delivery: recorded, unfinished, and carried on by a message or by the due index. */
function waiting(self: 'pending' | 'retrying' | 'parked'): Row {
  return {
    'current-due': go(self, 'attempt'),
    'current-early': go(self, 'hide'),
    'current-early-elsewhere': go(self, 'acknowledge'),
    stale: go(self, 'acknowledge'),
    'stale-overdue': go(self, 'attempt'),
    'unknown-epoch': go(self, 'fault'),
    'endpoint-paused': go('held', 'hold'),
    'endpoint-shut': go('abandoned', 'abandon'),
    'payload-expired': go('abandoned', 'abandon'),
    succeeded: go('delivered', 'settle'),
    failed: go('retrying', 'wait'),
    'failed-far': go('parked', 'wait'),
    'failed-last': go('exhausted', 'exhaust'),
    'failed-gone': go('abandoned', 'settle'),
    'must-wait': go('waiting', 'set-aside'),
    'fault-limit': go('abandoned', 'poison'),
    checked: go('waiting', 'resend'),
    released: go(self, 'none'),
    discarded: go(self, 'none'),
    'shut-by-job': go('abandoned', 'abandon'),
    retried: go('waiting', 'resend'),
  };
}

/** A finished delivery: every message of it is acknowledged; only a success can still come in. */
function finished(self: 'delivered' | 'abandoned' | 'exhausted'): Row {
  const late = self === 'delivered' ? go(self, 'acknowledge') : go('delivered', 'settle');
  return {
    'current-due': go(self, 'acknowledge'),
    'current-early': go(self, 'acknowledge'),
    'current-early-elsewhere': go(self, 'acknowledge'),
    stale: go(self, 'acknowledge'),
    'stale-overdue': go(self, 'acknowledge'),
    'unknown-epoch': go(self, 'acknowledge'),
    'endpoint-paused': go(self, 'acknowledge'),
    'endpoint-shut': go(self, 'acknowledge'),
    'payload-expired': go(self, 'acknowledge'),
    succeeded: late,
    failed: go(self, 'acknowledge'),
    'failed-far': go(self, 'acknowledge'),
    'failed-last': go(self, 'acknowledge'),
    'failed-gone': go(self, 'acknowledge'),
    'must-wait': go(self, 'acknowledge'),
    'fault-limit': go(self, 'acknowledge'),
    checked: go(self, 'none'),
    released: go(self, 'none'),
    discarded: go(self, 'none'),
    'shut-by-job': go(self, 'none'),
    retried: go(self, 'renew'),
  };
}

/** Every cell of (state × happening); docs/delivery-states.md explains the rules behind it. */
export const TRANSITIONS: Readonly<Record<DeliveryState, Row>> = {
  none: {
    ...waiting('pending'),
    'current-due': go('none', 'attempt'),
    'current-early': go('none', 'attempt'),
    'current-early-elsewhere': go('none', 'attempt'),
    stale: go('none', 'attempt'),
    'stale-overdue': go('none', 'attempt'),
    'unknown-epoch': go('none', 'fault'),
    checked: go('none', 'none'),
    released: go('none', 'none'),
    discarded: go('none', 'none'),
    'shut-by-job': go('none', 'none'),
    retried: go('none', 'send-first'),
  },
  pending: waiting('pending'),
  retrying: waiting('retrying'),
  parked: waiting('parked'),
  held: {
    ...waiting('retrying'),
    'current-due': go('held', 'attempt'),
    'current-early': go('held', 'attempt'),
    'current-early-elsewhere': go('held', 'attempt'),
    stale: go('held', 'acknowledge'),
    'stale-overdue': go('held', 'acknowledge'),
    'unknown-epoch': go('held', 'fault'),
    'endpoint-paused': go('held', 'acknowledge'),
    failed: go('held', 'note'),
    'failed-far': go('held', 'note'),
    checked: go('abandoned', 'expire'),
    released: go('waiting', 'resend'),
    discarded: go('abandoned', 'abandon'),
  },
  delivered: finished('delivered'),
  abandoned: finished('abandoned'),
  exhausted: {
    ...finished('exhausted'),
    // A message with the epoch that only the exhausted queue's message carries: someone redrove it.
    'current-due': go('retrying', 'redrive'),
    'current-early': go('retrying', 'redrive'),
    'current-early-elsewhere': go('retrying', 'redrive'),
    checked: go('exhausted', 'dead-letter'),
  },
};

export function stateOf(record: Delivery | undefined): DeliveryState {
  return record?.status ?? 'none';
}

export function transition(record: Delivery | undefined, happening: Happening): Transition {
  return TRANSITIONS[stateOf(record)][happening];
}

/** The status of a delivery that waits: pending before the first attempt, retrying after it. */
export function waitingStatus(record: Delivery): 'pending' | 'retrying' {
  return record.attempts.length === 0 ? 'pending' : 'retrying';
}

/** Is there nothing left to do for it? A redrive can still open an exhausted one. */
export function isFinal(status: DeliveryStatus): boolean {
  return status === 'delivered' || status === 'abandoned' || status === 'exhausted';
}
