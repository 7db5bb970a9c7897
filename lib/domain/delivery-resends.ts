import type { Delivery } from './delivery.ts';
import { type NextDelivery, allow, newRecord } from './delivery-changes.ts';
import { waitingStatus } from './delivery-state.ts';
import type { Event } from './event.ts';
import type { DeliveryKey } from './ids.ts';
import { BRAKE_CHECK, CHECK_GRACE } from './times.ts';

/* Every next record that a new message, of a new epoch, carries on: see delivery-changes.ts. */

/** A new delivery, with a fresh schedule, due now: of a retry by hand or of a job. */
export function repeated(
  event: Event,
  key: Pick<DeliveryKey, 'endpointId' | 'ordinal'>,
  origin: Pick<Delivery, 'jobId' | 'retryId' | 'retriedFromOrdinal'>,
  now: number,
): NextDelivery {
  const record = newRecord(event, { ...key, tenantId: event.tenantId, eventId: event.id });
  return allow(record, 'repeated', { ...record, ...origin, ...dueNow(record, now), createdAt: now });
}

/** Due now. The time spent held does not count for the schedule. @param by the retry with a key that asked for it */
export function released(record: Delivery, now: number, by?: string): NextDelivery {
  const { heldAt = now, statusReason: _, ...rest } = record;
  const { scheduleStartedAt } = record;
  return allow(record, 'released', {
    ...rest,
    ...dueNow(record, now),
    ...markedBy(by),
    ...(scheduleStartedAt !== undefined && { scheduleStartedAt: scheduleStartedAt + (now - heldAt) }),
    status: waitingStatus(record),
  });
}

/** An exhausted delivery whose message came back from its queue: a fresh schedule, due now, once. */
export function redriven(record: Delivery, now: number): NextDelivery {
  const { dlqPending: _, scheduleStartedAt: __, ...rest } = record;
  const scheduleBase = record.attempts.length;
  return allow(record, 'current-due', { ...rest, ...dueNow(record, now), status: 'retrying', scheduleBase });
}

/** Its message is sent again by sweep, which moves `checkAt` and never `dueAt`: the schedule stays. */
export function resent(record: Delivery, now: number): NextDelivery {
  const checkAt = Math.max(now, record.dueAt ?? now) + CHECK_GRACE;
  const epoch = record.epoch + 1;
  return allow(record, 'checked', { ...record, status: waitingStatus(record), epoch, checkAt, updatedAt: now });
}

/** No message while the brake is set: sweep looks again later. */
export function stillBraked(record: Delivery, now: number): NextDelivery {
  return allow(record, 'checked-braked', { ...record, checkAt: now + BRAKE_CHECK, updatedAt: now });
}

/** One of all that wait and are due is sent now. */
export function runWhenDue(record: Delivery, now: number): NextDelivery {
  return allow(record, 'run-due', { ...record, ...dueNow(record, now), status: waitingStatus(record) });
}

/** A person asks for this one: it is due now, whatever it waited for. @param by the retry with a key that asked for it */
export function hurried(record: Delivery, now: number, by?: string): NextDelivery {
  const { statusReason: _, ...rest } = record;
  const status = waitingStatus(record);
  return allow(record, 'retried', { ...rest, ...dueNow(record, now), ...markedBy(by), status });
}

/** Its endpoint's rate limit was raised or removed: its slot is void, and it is due now. */
export function freed(record: Delivery, now: number): NextDelivery {
  const { statusReason: _, slot: __, ...rest } = record;
  return allow(record, 'rate-changed', { ...rest, ...dueNow(record, now), status: waitingStatus(record) });
}

function markedBy(retryId: string | undefined): Pick<Delivery, 'retryId'> {
  return retryId === undefined ? {} : { retryId };
}

/** The fields of a record that is due now. */
function dueNow(
  record: Delivery,
  now: number,
): Pick<Delivery, 'epoch' | 'updatedAt'> & Required<Pick<Delivery, 'dueAt' | 'checkAt'>> {
  return { epoch: record.epoch + 1, dueAt: now, checkAt: now + CHECK_GRACE, updatedAt: now };
}
