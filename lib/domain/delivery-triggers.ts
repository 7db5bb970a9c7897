/** A message of it came up, and dispatch classified it. */
export type MessageTrigger =
  // The endpoint is active:
  | 'current-due' // of the record's epoch, due
  | 'current-early' // of the record's epoch, from retries, not yet due
  | 'current-early-elsewhere' // of the record's epoch, not from retries, not yet due
  | 'stale' // of a lower epoch
  | 'stale-overdue' // of a lower epoch, and the delivery has been due for two minutes
  | 'unknown-epoch' // of a higher epoch than the record's, or of epoch ≥ 1 without a record
  // Whatever its epoch:
  | 'endpoint-paused'
  | 'endpoint-shut' // disabled, revoked, deleted, or the delivery is older than the last disable
  | 'payload-deleted' // a person had the event's data deleted
  | 'payload-expired' // the event or the endpoint is gone by age
  | 'tenant-erased'; // something of it is gone, with its tenant

/** An attempt was made. */
export type AttemptTrigger =
  | 'succeeded'
  | 'failed'
  | 'failed-far' // the next attempt is too far off for a queue
  | 'failed-last'
  | 'failed-gone'; // the customer wants no more: its endpoint is now disabled

/** No attempt could be made. */
export type WaitTrigger =
  | 'pressed' // a message of the record's epoch, not yet due, came up in retries, which has too many messages
  | 'must-wait'; // for a service that fails, a brake, a rate slot or a place, or in slow

/** An unexpected exception of ours. */
export type FaultTrigger = 'faulted' | 'fault-limit'; // the fifth of them

/** Its check time came. */
export type CheckTrigger = 'checked' | 'checked-braked'; // and the brake that it waits for is still set

/** Of a poll endpoint. */
export type PollTrigger =
  | 'entered' // its entry was written for the consumers
  | 'committed'; // by all consumers

/** A person or a job acts. */
export type JobTrigger =
  | 'released'
  | 'discarded'
  | 'shut-by-job'
  | 'payload-deleted-by-job'
  | 'rate-changed' // its endpoint's rate limit was raised or removed
  | 'run-due' // with all that wait and are due
  | 'repeated' // a retry or a replay makes a new delivery, of the next ordinal
  | 'replaced'; // such a delivery now repeats it

/** What can happen to a delivery. */
export type Trigger =
  | MessageTrigger
  | AttemptTrigger
  | WaitTrigger
  | FaultTrigger
  | CheckTrigger
  | JobTrigger
  | PollTrigger
  | 'retried' // manually, while its endpoint takes deliveries
  | 'dead-lettered' // the exhausted queue has accepted its message
  | 'alerted'; // its owner was told that it is exhausted

/** What may follow from each kind of trigger; who acts on one of them has a case for every action. */
export interface ActionsOf {
  message:
    | 'attempt'
    | 'acknowledge' // nothing to do: the message may go
    | 'hide' // until due
    | 'fault' // ours: hide the message and raise the alarm
    | 'hold'
    | 'abandon'
    | 'redrive'; // a fresh schedule, due now
  attempt:
    | 'settle' // write the result: that was the last step
    | 'wait' // write the result and make sure that a message comes back when due
    | 'exhaust' // write the result, then send to the exhausted queue
    | 'note' // write the attempt, change nothing else
    | 'acknowledge'; // it is finished
  wait:
    | 'park' // the table keeps it, without a message
    | 'set-aside' // leave deliveries: record it and send it to retries
    | 'acknowledge'
    | 'none';
  fault: 'count-fault' | 'set-aside' | 'poison' | 'acknowledge' | 'none';
  check:
    | 'resend' // a new message, of a new epoch
    | 'stay-parked'
    | 'dead-letter' // the half-finished way to the exhausted queue, again
    | 'expire'
    | 'none';
  job:
    | 'release' // from held: a new message, of a new epoch
    | 'abandon'
    | 'resend'
    | 'create'
    | 'void' // its dead letter becomes stale
    | 'none';
  retry:
    | 'send-first' // its first message, again
    | 'resend'
    | 'release' // which is a trigger of its own
    | 'renew'; // a new delivery, of the next ordinal
  poll:
    | 'await-commit' // write that it waits for the consumers
    | 'settle'
    | 'none';
  deadLetter:
    | 'unmark' // the way to the exhausted queue is finished
    | 'note-alert'
    | 'none';
}

/** What to do about it; each is one function of the pipeline, save the trivial ones. */
export type Action = ActionsOf[keyof ActionsOf];
