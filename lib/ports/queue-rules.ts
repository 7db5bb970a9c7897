import type { QueueName } from './queues.ts';

/** Where messages go that were received too often. */
export type RedriveTarget = Extract<QueueName, 'exhausted' | 'poison'>;

/** What one queue promises. The CDK stack creates the SQS queues by it, and the SQLite queues act by it. */
export interface QueueRules {
  /** How long a received message stays invisible unless it is hidden or deleted. */
  visibilitySeconds: number;
  /** A message goes to the queue `to` when it would be received more than `maxReceives` times. */
  redrive?: { maxReceives: number; to: RedriveTarget };
}

/** Seconds that a consumer may work on one batch of messages. */
export const CONSUMER_TIMEOUT_SECONDS = 60;

/** Twice the consumer's time, so that no message comes back while a consumer still works on it. */
const VISIBILITY_SECONDS = 2 * CONSUMER_TIMEOUT_SECONDS;

const TO_POISON = { maxReceives: 100, to: 'poison' } as const;
/** The most that SQS allows. It is a backstop: an exhausted delivery is sent to its queue explicitly. */
const TO_EXHAUSTED = { maxReceives: 1000, to: 'exhausted' } as const;

export const QUEUE_RULES: Readonly<Record<QueueName, QueueRules>> = {
  deliveries: { visibilitySeconds: VISIBILITY_SECONDS, redrive: TO_POISON },
  retries: { visibilitySeconds: VISIBILITY_SECONDS, redrive: TO_EXHAUSTED },
  slow: { visibilitySeconds: VISIBILITY_SECONDS, redrive: TO_EXHAUSTED },
  jobs: { visibilitySeconds: VISIBILITY_SECONDS, redrive: TO_POISON },
  exhausted: { visibilitySeconds: VISIBILITY_SECONDS },
  poison: { visibilitySeconds: VISIBILITY_SECONDS },
};

// Quotas of SQS ("Amazon SQS message quotas", "Amazon SQS standard queue quotas"), which hold for every queue here.

/** A message older than this is dropped, whatever its queue. */
export const RETENTION_SECONDS = 14 * 24 * 3600;
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

/** @throws RangeError when `max` is not a whole number from 1 to 10 */
export function checkReceiveMax(max: number): void {
  if (Number.isInteger(max) && max >= 1 && max <= MAX_BATCH) return;
  throw new RangeError(`max must be a whole number from 1 to ${MAX_BATCH}, is ${max}`);
}
