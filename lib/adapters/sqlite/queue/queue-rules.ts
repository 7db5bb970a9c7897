import type { QueueName } from '../../../ports/queues.ts';

export interface QueueRules {
  /** How long a received message stays invisible unless it is hidden or deleted. */
  visibilitySeconds: number;
  /** Where a message goes instead of being received once more than `maxReceives` times. */
  redrive?: { maxReceives: number; to: QueueName };
}

const VISIBILITY_SECONDS = 120;

/** The queues as the stack deploys them; the limits are the product's own, within the quotas of SQS. */
export const QUEUE_RULES: Readonly<Record<QueueName, QueueRules>> = {
  deliveries: { visibilitySeconds: VISIBILITY_SECONDS, redrive: { maxReceives: 100, to: 'poison' } },
  retries: { visibilitySeconds: VISIBILITY_SECONDS, redrive: { maxReceives: 1000, to: 'exhausted' } },
  jobs: { visibilitySeconds: VISIBILITY_SECONDS, redrive: { maxReceives: 100, to: 'poison' } },
  exhausted: { visibilitySeconds: VISIBILITY_SECONDS },
  poison: { visibilitySeconds: VISIBILITY_SECONDS },
};

/** A message older than this is dropped, in whatever queue it is (SQS: 14 days at most). */
export const RETENTION_MS = 14 * 24 * 3600 * 1000;
