import type { AttemptSummary, Delivery } from '../../../domain/delivery.ts';
import type { DeliveryKey } from '../../../domain/ids.ts';
import { type AttributeNames, fromAttributes, toAttributes } from './attribute-names.ts';
import type { Item } from '../access/item.ts';
import { deliveryKey, dueIndexKey, parseDeliveryKey, statusIndexKey } from './keys.ts';
import type { Lifetime } from './lifetime.ts';

type Fields = Omit<Delivery, keyof DeliveryKey | 'attempts'>;

const FIELDS: AttributeNames<Fields> = {
  eventType: 'type',
  status: 'status',
  statusReason: 'reason',
  epoch: 'epoch',
  revision: 'revision',
  scheduleBase: 'base',
  scheduleStartedAt: 'started_at',
  dueAt: 'due_at',
  checkAt: 'check_at',
  heldAt: 'held_at',
  slot: 'slot',
  dlqPending: 'dlq_pending',
  alertSentAt: 'alert_sent_at',
  alertError: 'alert_error',
  faults: 'faults',
  jobId: 'job',
  retryId: 'retry',
  retriedFromOrdinal: 'retried_from',
  isTest: 'test',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
};

/** Short names, because a record has many attempts. */
const ATTEMPT_FIELDS: AttributeNames<AttemptSummary> = {
  number: 'n',
  at: 'at',
  durationMs: 'ms',
  statusCode: 'code',
  errorKind: 'kind',
  errorMessage: 'msg',
  signedWith: 'by',
};

/**
 * A record as stored. It is in the due index while it is unfinished, and expires only when it is finished. It is in the
 * index of its status unless it was delivered.
 */
export function toDeliveryItem(record: Delivery, lifetime: Lifetime, dueShards: number): Item {
  return {
    ...deliveryKey(record),
    ...toAttributes<Fields>(record, FIELDS),
    attempts: record.attempts.map((attempt) => toAttributes(attempt, ATTEMPT_FIELDS)),
    ...(record.checkAt === undefined
      ? lifetime.expiry(record.createdAt)
      : dueIndexKey(record.checkAt, record.eventId, dueShards)),
    ...(record.status !== 'delivered' && statusIndexKey(record)),
  };
}

export function fromDeliveryItem(item: Item): Delivery {
  const key = parseDeliveryKey(item);
  if (!key) throw new Error(`The item ${item.pk} is not a delivery.`);
  const attempts = item.attempts as Record<string, unknown>[];
  return {
    ...key,
    ...fromAttributes<Fields>(item, FIELDS),
    attempts: attempts.map((attempt) => fromAttributes<AttemptSummary>(attempt, ATTEMPT_FIELDS)),
  };
}
