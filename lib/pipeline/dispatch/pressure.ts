import type { Ports } from '../../ports/ports.ts';

/** SQS keeps at most 120,000 messages of a standard queue in flight, hidden ones included (Amazon SQS message quotas). */
const IN_FLIGHT_LIMIT = 120_000;
const SHARE = 0.6;
const RECOUNT_MS = 60_000;

/** Tells whether a delivery that would wait in retries must be parked instead. */
export type PressureGauge = () => Promise<boolean>;

/** Counts at most once a minute, and only when something has to wait. */
export function createPressureGauge({ queues, clock }: Pick<Ports, 'queues' | 'clock'>): PressureGauge {
  let countedAt = Number.NEGATIVE_INFINITY;
  let high = false;
  return async () => {
    if (clock.now() - countedAt >= RECOUNT_MS) {
      countedAt = clock.now();
      high = (await queues.inFlight('retries')) >= IN_FLIGHT_LIMIT * SHARE;
    }
    return high;
  };
}
