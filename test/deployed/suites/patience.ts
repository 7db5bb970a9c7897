import { faultWaitSeconds } from '../../../lib/pipeline/delivery/faulty-messages.ts';
import { QUEUE_RULES } from '../../../lib/ports/queue-rules.ts';

/** A message may meet so many faults in a row: what a busy machine answers too late is one. */
const FAULTS = [1, 2, 3, 4];

/**
 * How long a message may be on its way under load: its function is killed once, and then it meets faults, after each of
 * which it comes back later.
 */
export const LIMIT_MS =
  1000 * FAULTS.reduce((sum, nth) => sum + faultWaitSeconds(nth), QUEUE_RULES.deliveries.visibilitySeconds);

/** Each look is work for the stack, too. */
export const PATIENTLY = { ms: LIMIT_MS, everyMs: 500 };
