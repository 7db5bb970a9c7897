// When a failed delivery is tried again.

/** A preset by name (lib/dialects/retry-presets.ts), or an endpoint's own delays in whole seconds ≥ 1. */
export type RetryPolicy = { preset: string } | { delays: readonly number[] };

const DAY_SECONDS = 24 * 3600;

/** Bounds of a schedule: at most 20 attempts over at most 13 days. */
export const MAX_DELAYS = 19;
export const MAX_SCHEDULE_SECONDS = 13 * DAY_SECONDS;

const JITTER = 0.2;

export interface RetryQuery {
  /** The schedule's delays between attempts, in whole seconds. */
  delays: readonly number[];
  /** Attempts made in this schedule, the failed one included: ≥ 1. */
  attempts: number;
  /** When the schedule's first attempt was made, milliseconds since the Unix epoch. */
  startedAt: number;
  /** Milliseconds since the Unix epoch. */
  now: number;
  /** A uniform number in [0, 1). */
  fraction: number;
  /** The customer's `Retry-After`, in whole seconds. */
  retryAfterSeconds?: number;
}

/**
 * When the next attempt is due, in milliseconds since the Unix epoch; undefined when all attempts are used. The delay
 * has ±20 % jitter and is at least the customer's `Retry-After`. An attempt that would be due more than 13 days after
 * the schedule's start is due at 13 days, and is the last.
 */
export function nextAttemptAt(query: RetryQuery): number | undefined {
  const delay = query.delays[query.attempts - 1];
  const limit = query.startedAt + MAX_SCHEDULE_SECONDS * 1000;
  if (delay === undefined || query.now >= limit) return undefined;
  const seconds = Math.max(jittered(delay, query.fraction), query.retryAfterSeconds ?? 0);
  return Math.min(query.now + seconds * 1000, limit);
}

/** Whole seconds, because queues count in them (docs/adr/0003). */
function jittered(delay: number, fraction: number): number {
  const least = Math.ceil(delay * (1 - JITTER));
  const most = Math.floor(delay * (1 + JITTER));
  return least + Math.floor(fraction * (most - least + 1));
}
