import type { Delivery } from './delivery.ts';
import { timeOf } from './ids.ts';

/** Deliveries by how they stand, and the requests that were made for them. */
export interface StepCounts {
  delivered: number;
  exhausted: number;
  abandoned: number;
  /** Recorded, and neither held nor ended. */
  waiting: number;
  held: number;
  attempts: number;
  failedAttempts: number;
}

/** Milliseconds that requests took. */
export interface Durations {
  p50: number;
  p95: number;
  max: number;
}

export interface StepStats extends StepCounts {
  /** Undefined: no request was made. */
  durations: Durations | undefined;
}

/** Times are milliseconds since the Unix epoch; `since` and `until` are multiples of `step`. */
export interface StatsRange {
  since: number;
  until: number;
  step: number;
}

export interface Stats {
  /** One for each step, the oldest first. */
  steps: (StepStats & { at: number })[];
  total: StepStats;
}

/** The range in whole steps. */
export function wholeSteps({ since, until, step }: StatsRange): StatsRange {
  return { since: Math.floor(since / step) * step, until: Math.ceil(until / step) * step, step };
}

/** Counts deliveries in the step in which their event was accepted; those outside of the range are left out. */
export function statsOf(deliveries: readonly Delivery[], { since, until, step }: StatsRange): Stats {
  const steps = Array.from({ length: (until - since) / step }, (_, index) => ({
    at: since + index * step,
    deliveries: [] as Delivery[],
  }));
  for (const delivery of deliveries) {
    steps[Math.floor((timeOf(delivery.eventId) - since) / step)]?.deliveries.push(delivery);
  }
  return {
    steps: steps.map(({ at, deliveries: some }) => ({ at, ...countsOf(some) })),
    total: countsOf(steps.flatMap(({ deliveries: some }) => some)),
  };
}

const NONE: StepCounts = {
  delivered: 0,
  exhausted: 0,
  abandoned: 0,
  waiting: 0,
  held: 0,
  attempts: 0,
  failedAttempts: 0,
};

function countsOf(deliveries: readonly Delivery[]): StepStats {
  const counts = { ...NONE };
  const durations: number[] = [];
  for (const { status, attempts } of deliveries) {
    counts[columnOf(status)] += 1;
    counts.attempts += attempts.length;
    // A request that succeeds ends its delivery, and is its last.
    counts.failedAttempts += attempts.length - (status === 'delivered' ? 1 : 0);
    durations.push(...attempts.map(({ durationMs }) => durationMs));
  }
  return { ...counts, durations: durationsOf(durations) };
}

function columnOf(status: Delivery['status']): keyof StepCounts {
  if (status === 'pending' || status === 'retrying' || status === 'parked') return 'waiting';
  return status;
}

function durationsOf(all: readonly number[]): Durations | undefined {
  const sorted = all.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const nearest = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] as number;
  return { p50: nearest(0.5), p95: nearest(0.95), max };
}
