import type { Delivery } from '../../lib/domain/delivery.ts';
import type { CustomerBase } from './customer-base.ts';
import type { Evidence } from './evidence.ts';

const HELD_MS = 14 * 24 * 3_600_000 + 3_600_000;

/** 10: what was held for fourteen days is abandoned; and nothing is held that long behind an event that is refused. */
export function judgeHeld(seen: Evidence, customers: CustomerBase, now: number): void {
  for (const [id, { record }] of seen.records) {
    const held = record.status === 'held' && now - (record.heldAt ?? now) > HELD_MS;
    if (held) seen.fail(10, `${id} is held for more than 14 days`, now);
    const { statusReason, autoResume } = seen.versionsOf(record.endpointId).at(-1)?.endpoint ?? {};
    const isProbed = statusReason === 'breaker' && autoResume !== false;
    if (record.statusReason === 'expired' && isProbed && customers.takes(record))
      seen.fail(10, `${id} expired at a customer who would have taken it`, now);
  }
}

/** It waits for a person, or for consumers. */
export function isPatient(record: Delivery | undefined): boolean {
  return record?.status === 'held' || record?.statusReason === 'uncommitted';
}
