import { type Delivery, newRecord, scheduleStart } from '../delivery.ts';
import { waitingStatus } from '../delivery-state.ts';
import type { CheckTrigger } from '../delivery-triggers.ts';
import type { Event } from '../event.ts';
import type { DeliveryKey } from '../ids.ts';
import { CHECK_GRACE } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';

/* Every next record of a delivery to which a new message, of a new epoch, is sent now. */

/** A new delivery, with a fresh schedule, due now: of a manual retry or of a job. */
export function repeated(
  event: Event,
  key: Pick<DeliveryKey, 'endpointId' | 'ordinal'>,
  origin: Pick<Delivery, 'jobId' | 'retryId' | 'retriedFromOrdinal'>,
  now: number,
): NextDelivery {
  const record = newRecord(event, { ...key, tenantId: event.tenantId, eventId: event.id });
  return change(record, 'repeated', 'pending', { ...origin, ...dueNow(record, now), createdAt: now });
}

/** Due now. The time spent held does not count for the schedule. @param by the retry with a key that asked for it */
export function released(record: Delivery, now: number, by?: string): NextDelivery {
  return change(record, 'released', waitingStatus(record), {
    ...dueNow(record, now),
    ...(by !== undefined && { retryId: by }),
    scheduleStartedAt: scheduleStart(record, now),
    statusReason: undefined,
  });
}

/**
 * Its message is sent again by sweep, which moves `checkAt` and never `dueAt`: the schedule stays, and so does a rate
 * slot. A brake that it waited for is released.
 */
export function resent(record: Delivery, trigger: CheckTrigger, now: number): NextDelivery {
  return change(record, trigger, waitingStatus(record), {
    ...(record.statusReason === 'braked' && { statusReason: undefined }),
    epoch: record.epoch + 1,
    checkAt: Math.max(now, record.dueAt ?? now) + CHECK_GRACE,
    updatedAt: now,
  });
}

/** One of all that wait and are due is sent now. */
export function runWhenDue(record: Delivery, now: number): NextDelivery {
  return change(record, 'run-due', waitingStatus(record), dueNow(record, now));
}

/** A person asks for this one: it is due now, whatever it waited for. @param by the retry with a key that asked for it */
export function hurried(record: Delivery, now: number, by?: string): NextDelivery {
  return change(record, 'retried', waitingStatus(record), {
    ...dueNow(record, now),
    ...(by !== undefined && { retryId: by }),
    statusReason: undefined,
  });
}

/** Its endpoint's rate limit was raised or removed: its slot is void, and it is due now. */
export function freed(record: Delivery, now: number): NextDelivery {
  return change(record, 'rate-changed', waitingStatus(record), {
    ...dueNow(record, now),
    statusReason: undefined,
    slot: undefined,
  });
}

/** The fields of a record that is due now. */
export function dueNow(
  record: Delivery,
  now: number,
): Required<Pick<Delivery, 'epoch' | 'dueAt' | 'checkAt' | 'updatedAt'>> {
  return { epoch: record.epoch + 1, dueAt: now, checkAt: now + CHECK_GRACE, updatedAt: now };
}
