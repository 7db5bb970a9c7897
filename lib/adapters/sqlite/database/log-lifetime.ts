import type { Clock } from '../../../ports/clock.ts';

/** What was made at or before this moment has expired: milliseconds since the Unix epoch. */
export type Horizon = () => number;

export function logHorizon(clock: Clock, ttlMs: number): Horizon {
  return () => clock.now() - ttlMs;
}

// Conditions on a row of `deliveries` or `jobs`. An unfinished one, which has a check time, does not expire.

export const UNEXPIRED = '(check_at IS NOT NULL OR created_at > :horizon)';
export const EXPIRED = '(check_at IS NULL AND created_at <= :horizon)';
