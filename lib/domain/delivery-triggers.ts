/* What can happen to a delivery, by who notices it; delivery-state.ts says what follows. */

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
