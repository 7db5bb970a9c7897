import type { Delivery } from '../delivery.ts';
import type { CheckTrigger, MessageTrigger } from '../delivery-triggers.ts';
import { CHECK_GRACE } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';
import { dueNow } from './resends.ts';

/* Every next record of an exhausted delivery, by what happens to its message in the exhausted queue. */

/** The exhausted queue has accepted its message. */
export function deadLetterSent(record: Delivery): NextDelivery {
  return change(record, 'dead-lettered', 'exhausted', { dlqPending: undefined, checkAt: undefined });
}

/** How an alert that told of deliveries went. Times are milliseconds since the Unix epoch. */
export interface AlertResult {
  sentAt?: number;
  error?: string;
}

/** An alert has told of it; since when it is exhausted stays as it is. */
export function alerted(record: Delivery, { sentAt, error }: AlertResult): NextDelivery {
  return change(record, 'alerted', 'exhausted', { alertSentAt: sentAt, alertError: error });
}

/** The way to the exhausted queue begins anew: what was sent before is stale. */
export function deadLetterResent(record: Delivery, trigger: CheckTrigger, now: number): NextDelivery {
  return change(record, trigger, 'exhausted', {
    epoch: record.epoch + 1,
    checkAt: now + CHECK_GRACE,
    updatedAt: now,
  });
}

/** Another delivery repeats it: its message in the exhausted queue becomes stale, and one on its way there is not sent. */
export function deadLetterVoided(record: Delivery, now: number): NextDelivery {
  return change(record, 'replaced', 'exhausted', {
    dlqPending: undefined,
    checkAt: undefined,
    epoch: record.epoch + 1,
    updatedAt: now,
  });
}

/** Its message came back from the exhausted queue: a fresh schedule, due now, once. */
export function redriven(record: Delivery, trigger: MessageTrigger, now: number): NextDelivery {
  return change(record, trigger, 'retrying', {
    ...dueNow(record, now),
    scheduleBase: record.attempts.length,
    scheduleStartedAt: undefined,
  });
}
