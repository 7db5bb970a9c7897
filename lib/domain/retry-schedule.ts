const MINUTE = 60;
const HOUR = 3600;
const DAY_MS = 24 * HOUR * 1000;

/** The delays between attempts, in seconds (dialects.md 8). */
const PRESETS = {
  standard: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  vellum: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  vem: [10, MINUTE, 5 * MINUTE],
  slack: [10, MINUTE, 5 * MINUTE],
  discord: [10, MINUTE, 5 * MINUTE],
  veriswarm: [MINUTE, 5 * MINUTE, 15 * MINUTE],
  ventryx: [MINUTE, 5 * MINUTE, 25 * MINUTE, 90 * MINUTE],
} as const satisfies Record<string, readonly number[]>;

export type RetryPreset = keyof typeof PRESETS;
export const RETRY_PRESETS = Object.keys(PRESETS) as RetryPreset[];

/** A preset by name, or an endpoint's own delays in whole seconds ≥ 1. */
export type RetryPolicy = { preset: RetryPreset } | { delays: readonly number[] };

/** Bounds of an endpoint's own delays: at most 20 attempts, at most 13 days in all. */
export const MAX_DELAYS = 19;
export const MAX_SCHEDULE_SECONDS = 13 * 24 * HOUR;

const SCHEDULE_LIMIT_MS = 13 * DAY_MS;
const JITTER = 0.2;

export function delaysOf(policy: RetryPolicy): readonly number[] {
  return 'preset' in policy ? PRESETS[policy.preset] : policy.delays;
}

/** All requests of one schedule: the first and its retries. */
export function maxAttempts(policy: RetryPolicy): number {
  return delaysOf(policy).length + 1;
}

export interface RetryQuery {
  policy: RetryPolicy;
  /** Attempts that this schedule has used, the failed one included: ≥ 1. */
  attempts: number;
  /** When the schedule's first attempt was made, milliseconds since the Unix epoch. */
  startedAt: number;
  now: number;
  /** A uniform number in [0, 1). */
  fraction: number;
  /** The customer's `Retry-After`, in seconds. */
  retryAfterSeconds?: number;
}

/**
 * When the next attempt comes, in milliseconds since the Unix epoch; undefined when all attempts are used. The delay
 * has ±20 % jitter and is at least the customer's `Retry-After`; what would come more than 13 days after the schedule's
 * start comes at 13 days, and is the last.
 */
export function nextAttemptAt(query: RetryQuery): number | undefined {
  const delay = delaysOf(query.policy)[query.attempts - 1];
  const limit = query.startedAt + SCHEDULE_LIMIT_MS;
  if (delay === undefined || query.now >= limit) return undefined;
  const seconds = Math.max(jittered(delay, query.fraction), query.retryAfterSeconds ?? 0);
  return Math.min(query.now + seconds * 1000, limit);
}

/** A whole number of seconds within the jitter, because that is how queues count (docs/adr/0003). */
function jittered(delay: number, fraction: number): number {
  const least = Math.ceil(delay * (1 - JITTER));
  const most = Math.floor(delay * (1 + JITTER));
  return least + Math.floor(fraction * (most - least + 1));
}
