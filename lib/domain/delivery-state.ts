import type { Delivery, DeliveryStatus } from './delivery.ts';
import type {
  MessageTrigger,
  AttemptTrigger,
  WaitTrigger,
  FaultTrigger,
  CheckTrigger,
  PollTrigger,
  JobTrigger,
  Trigger,
  ActionsOf,
  Action,
} from './delivery-triggers.ts';

/** `none`: the endpoint matched and nothing is recorded yet, which counts as pending. */
export type DeliveryState = 'none' | DeliveryStatus;

/** What follows from a trigger in one state. */
export interface Transition<Acts extends Action = Action> {
  /** The statuses that a record may be written with; empty: no record is written. */
  to: readonly DeliveryStatus[];
  action: Acts;
}

type Cells<Of extends Trigger, Kind extends keyof ActionsOf> = Readonly<Record<Of, Transition<ActionsOf[Kind]>>>;

type Row = Cells<MessageTrigger, 'message'> &
  Cells<AttemptTrigger, 'attempt'> &
  Cells<WaitTrigger, 'wait'> &
  Cells<FaultTrigger, 'fault'> &
  Cells<CheckTrigger, 'check'> &
  Cells<JobTrigger, 'job'> &
  Cells<PollTrigger, 'poll'> &
  Cells<'retried', 'retry'> &
  Cells<'dead-lettered' | 'alerted', 'deadLetter'>;

const write = <Act extends Action>(action: Act, ...to: DeliveryStatus[]): Transition<Act> => ({ to, action });
const only = <Act extends Action>(action: Act): Transition<Act> => ({ to: [], action });

/** Pending before the first attempt, retrying after it: a state that does not say which may become either. */
const EITHER = ['pending', 'retrying'] as const;

/** A waiting delivery: recorded, unfinished, and carried on by a message or by the due index. */
function waiting(self: 'pending' | 'retrying' | 'parked'): Row {
  const resent = self === 'parked' ? EITHER : [self];
  return {
    'current-due': only('attempt'),
    'current-early': only('hide'),
    pressed: write('park', 'parked'),
    'current-early-elsewhere': only('acknowledge'),
    stale: only('acknowledge'),
    'stale-overdue': only('attempt'),
    'unknown-epoch': only('fault'),
    'endpoint-paused': write('hold', 'held'),
    'endpoint-shut': write('abandon', 'abandoned'),
    'payload-deleted': write('abandon', 'abandoned'),
    'payload-expired': write('abandon', 'abandoned'),
    'tenant-erased': only('acknowledge'),
    succeeded: write('settle', 'delivered'),
    failed: write('wait', 'retrying'),
    'failed-far': write('wait', 'parked'),
    'failed-last': write('exhaust', 'exhausted'),
    'failed-gone': write('settle', 'abandoned'),
    'must-wait': write('set-aside', ...resent, 'parked'),
    faulted: write('count-fault', self),
    'fault-limit': write('poison', 'abandoned'),
    checked: write('resend', ...resent),
    'checked-braked': write('stay-parked', self),
    'dead-lettered': only('none'),
    alerted: only('none'),
    released: only('none'),
    discarded: only('none'),
    'shut-by-job': write('abandon', 'abandoned'),
    'payload-deleted-by-job': write('abandon', 'abandoned'),
    'rate-changed': write('resend', ...resent),
    'run-due': write('resend', ...resent),
    retried: write('resend', ...resent),
    repeated: only('none'),
    replaced: only('none'),
    entered: write('await-commit', ...resent),
    committed: write('settle', 'delivered'),
  };
}

/** A finished delivery: every message of it is acknowledged; only a success can still come in. */
function finished(self: 'delivered' | 'abandoned' | 'exhausted'): Row {
  return {
    'current-due': only('acknowledge'),
    'current-early': only('acknowledge'),
    pressed: only('none'),
    'current-early-elsewhere': only('acknowledge'),
    stale: only('acknowledge'),
    'stale-overdue': only('acknowledge'),
    'unknown-epoch': only('acknowledge'),
    'endpoint-paused': only('acknowledge'),
    'endpoint-shut': only('acknowledge'),
    'payload-deleted': only('acknowledge'),
    'payload-expired': only('acknowledge'),
    'tenant-erased': only('acknowledge'),
    succeeded: self === 'delivered' ? only('acknowledge') : write('settle', 'delivered'),
    failed: only('acknowledge'),
    'failed-far': only('acknowledge'),
    'failed-last': only('acknowledge'),
    'failed-gone': only('acknowledge'),
    'must-wait': only('acknowledge'),
    faulted: only('acknowledge'),
    'fault-limit': only('acknowledge'),
    checked: only('none'),
    'checked-braked': only('none'),
    'dead-lettered': only('none'),
    alerted: only('none'),
    released: only('none'),
    discarded: only('none'),
    'shut-by-job': only('none'),
    'payload-deleted-by-job': only('none'),
    'rate-changed': only('none'),
    'run-due': only('none'),
    retried: only('renew'),
    repeated: only('none'),
    replaced: only('none'),
    entered: only('none'),
    committed: only('none'),
  };
}

/** Every cell of (state × trigger); docs/delivery-states.md explains the rules behind it. */
export const TRANSITIONS: Readonly<Record<DeliveryState, Row>> = {
  none: {
    ...waiting('pending'),
    'current-early': only('attempt'),
    pressed: only('none'),
    'current-early-elsewhere': only('attempt'),
    stale: only('attempt'),
    faulted: write('set-aside', 'pending', 'parked'),
    'fault-limit': only('none'),
    checked: only('none'),
    'checked-braked': only('none'),
    'shut-by-job': only('none'),
    'payload-deleted-by-job': only('none'),
    'rate-changed': only('none'),
    'run-due': only('none'),
    retried: only('send-first'),
    repeated: write('create', 'pending'),
    // Its first message, or ingest, has written it: that is as good as a record.
    entered: only('none'),
  },
  pending: waiting('pending'),
  retrying: waiting('retrying'),
  parked: waiting('parked'),
  held: {
    ...waiting('retrying'),
    'current-early': only('attempt'),
    pressed: only('none'),
    'current-early-elsewhere': only('attempt'),
    'stale-overdue': only('acknowledge'),
    'endpoint-paused': only('acknowledge'),
    failed: write('note', 'held'),
    'failed-far': write('note', 'held'),
    'must-wait': write('set-aside', ...EITHER, 'parked'),
    faulted: write('count-fault', 'held'),
    checked: write('expire', 'abandoned'),
    'checked-braked': only('none'),
    released: write('release', ...EITHER),
    discarded: write('abandon', 'abandoned'),
    'rate-changed': only('none'),
    'run-due': only('none'),
    retried: only('release'),
    entered: write('await-commit', ...EITHER),
  },
  delivered: finished('delivered'),
  abandoned: finished('abandoned'),
  exhausted: {
    ...finished('exhausted'),
    // A message with the epoch that only the exhausted queue's message carries: someone redrove it.
    'current-due': write('redrive', 'retrying'),
    'current-early': write('redrive', 'retrying'),
    'current-early-elsewhere': write('redrive', 'retrying'),
    checked: write('dead-letter', 'exhausted'),
    'dead-lettered': write('unmark', 'exhausted'),
    alerted: write('note-alert', 'exhausted'),
    replaced: write('void', 'exhausted'),
  },
};

/** A record that was never written (revision 0) is none. */
export function stateOf(record: Delivery | undefined): DeliveryState {
  return record === undefined || record.revision === 0 ? 'none' : record.status;
}

export function transition<T extends Trigger>(record: Delivery | undefined, trigger: T): Row[T] {
  return TRANSITIONS[stateOf(record)][trigger];
}

/** The status of a delivery that waits: pending before the first attempt, retrying after it. */
export function waitingStatus(record: Delivery): 'pending' | 'retrying' {
  return record.attempts.length === 0 ? 'pending' : 'retrying';
}

/** Is there nothing left to do for it? A redrive can still open an exhausted one. */
export function isFinal(status: DeliveryStatus): boolean {
  return status === 'delivered' || status === 'abandoned' || status === 'exhausted';
}
