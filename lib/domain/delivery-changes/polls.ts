import { type Delivery, scheduleStart } from '../delivery.ts';
import { waitingStatus } from '../delivery-state.ts';
import { POLL_KEPT } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';

/* Every next record of a delivery of a poll endpoint, by what happens to its entry. */

/**
 * Its entry is written. It waits for the consumers, without a message: those of its epoch are stale. What they have not
 * committed by then comes up once more, to be given up.
 */
export function entered(record: Delivery, now: number): NextDelivery {
  const until = Math.max(now, record.createdAt + POLL_KEPT);
  return change(record, 'entered', waitingStatus(record), {
    epoch: record.epoch + 1,
    dueAt: until,
    checkAt: until,
    statusReason: 'uncommitted',
    scheduleStartedAt: scheduleStart(record, now),
    slot: undefined,
    faults: undefined,
    updatedAt: now,
  });
}

/** All consumers have committed it. */
export function committed(record: Delivery, now: number): NextDelivery {
  return change(record, 'committed', 'delivered', { updatedAt: now });
}
