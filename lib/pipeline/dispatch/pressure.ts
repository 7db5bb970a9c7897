import type { Ports } from '../../ports/ports.ts';

/** SQS keeps at most 120,000 messages of a standard queue in flight, hidden ones included (Amazon SQS message quotas). */
const IN_FLIGHT_LIMIT = 120_000;
const SHARE = 0.6;
const RECOUNT_MS = 60_000;

/** Tells whether a delivery that would wait in retries must be parked instead. */
export type PressureGauge = () => Promise<boolean>;

/**
 * Counts at most once a minute, and only when something has to wait. It never throws, because its caller may hold the
 * result of an attempt. When counting fails, the last count holds, and before the first one there is room: a queue that
 * cannot be counted is seldom full, and parking every retry meanwhile would make them late and burden sweep.
 */
export function createPressureGauge({ queues, clock, log }: Pick<Ports, 'queues' | 'clock' | 'log'>): PressureGauge {
  let countedAt = Number.NEGATIVE_INFINITY;
  let pressed = Promise.resolve(false);
  const count = async (last: Promise<boolean>) => {
    try {
      return (await queues.inFlight('retries')) >= IN_FLIGHT_LIMIT * SHARE;
    } catch (cause) {
      log.error('dispatch.not-counted', cause, { queue: 'retries' });
      return last;
    }
  };
  return () => {
    if (clock.now() - countedAt >= RECOUNT_MS) {
      countedAt = clock.now();
      pressed = count(pressed);
    }
    return pressed;
  };
}
