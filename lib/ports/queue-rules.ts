import type { QueueName } from './queues.ts';

/** Where messages go that were received too often. */
export type RedriveTarget = Extract<QueueName, 'exhausted' | 'poison'>;

/** What one queue promises. The CDK stack creates the SQS queues by it, and the SQLite queues act by it. */
export interface QueueRules {
  /** A message older than this is dropped. */
  retentionSeconds: number;
  /** How long a received message stays invisible unless it is hidden or deleted. */
  visibilitySeconds: number;
  /** A message goes to the queue `to` when it would be received more than `maxReceives` times. */
  redrive?: { maxReceives: number; to: RedriveTarget };
}

/** SQS gives no more messages of a queue once so many are in flight, hidden ones included ("Amazon SQS message quotas"). */
export const MOST_IN_FLIGHT = 120_000;
/** Seconds that a consumer may work on one batch of messages. */
export const CONSUMER_TIMEOUT_SECONDS = 60;

/** Twice the consumer's time, so that no message comes back while a consumer still works on it. */
const VISIBILITY_SECONDS = 2 * CONSUMER_TIMEOUT_SECONDS;

const DAY_SECONDS = 24 * 3600;
/** Longer than the queues from which SQS moves messages to them: it counts from the first sending on. */
const DEAD_LETTER_RETENTION_SECONDS = 14 * DAY_SECONDS;
const RETENTION_SECONDS = 10 * DAY_SECONDS;

/** A job whose message is gone gets another from sweep. */
const TO_POISON = { maxReceives: 100, to: 'poison' } as const;
/**
 * A message that is hidden at each receive waits for 15 minutes in the end (`faultWaitSeconds`), so 900 receives take
 * 9.3 days: it must get to the dead-letter queue before its retention ends. A function that does not even start uses
 * them up in 30 hours, at a receive every 120 s.
 */
const MOST_RECEIVES = 900;
const TO_POISON_LATE = { maxReceives: MOST_RECEIVES, to: 'poison' } as const;
/**
 * A backstop: an exhausted delivery is sent to its queue explicitly, and one whose message SQS moves there gets another
 * from sweep. The rule also makes exhausted a dead-letter queue, which a redrive by AWS itself needs.
 */
const TO_EXHAUSTED = { maxReceives: MOST_RECEIVES, to: 'exhausted' } as const;

const WORKED = { retentionSeconds: RETENTION_SECONDS, visibilitySeconds: VISIBILITY_SECONDS };

export const QUEUE_RULES: Readonly<Record<QueueName, QueueRules>> = {
  deliveries: { ...WORKED, redrive: TO_POISON_LATE },
  retries: { ...WORKED, redrive: TO_EXHAUSTED },
  slow: { ...WORKED, redrive: TO_POISON_LATE },
  jobs: { ...WORKED, redrive: TO_POISON },
  exhausted: { ...WORKED, retentionSeconds: DEAD_LETTER_RETENTION_SECONDS },
  poison: { ...WORKED, retentionSeconds: DEAD_LETTER_RETENTION_SECONDS },
};

// Quotas of SQS ("Amazon SQS message quotas", "Amazon SQS standard queue quotas"), which hold for every queue here.

/** A longer delay of a message is refused. */
export const MAX_DELAY_SECONDS = 900;
/** Counted from the receive; hiding a message for longer is refused. */
export const MAX_VISIBILITY_SECONDS = 43_200;
/** Messages of one receive, of one batch to send or delete, and of one invocation. */
export const MAX_BATCH = 10;

/** @throws RangeError when `seconds` is not a whole number from 0 to `limit` */
export function checkSeconds(seconds: number, limit: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= limit) return;
  throw new RangeError(`a wait must be a whole number of seconds from 0 to ${limit}, is ${seconds}`);
}

/** @throws RangeError when `max` is not a whole number from 1 to `limit` */
export function checkReceiveMax(max: number, limit = MAX_BATCH): void {
  if (Number.isInteger(max) && max >= 1 && max <= limit) return;
  throw new RangeError(`max must be a whole number from 1 to ${limit}, is ${max}`);
}
