import type { AbandonReason, Delivery, HoldReason } from '../delivery.ts';
import type { MessageTrigger, Trigger } from '../delivery-triggers.ts';
import { HOLD_LIMIT } from '../times.ts';
import { change } from './change.ts';
import type { NextDelivery } from './next-delivery.ts';

/* Every next record of a delivery that stops, for now or for good, for another reason than the result of an attempt. */

/** Its endpoint is paused. */
export function held(record: Delivery, trigger: MessageTrigger, reason: HoldReason, now: number): NextDelivery {
  return change(record, trigger, 'held', {
    statusReason: reason,
    epoch: record.epoch + 1,
    heldAt: now,
    checkAt: now + HOLD_LIMIT,
    updatedAt: now,
  });
}

export function abandoned(record: Delivery, trigger: Trigger, reason: AbandonReason, now: number): NextDelivery {
  return change(record, trigger, 'abandoned', { statusReason: reason, updatedAt: now });
}
