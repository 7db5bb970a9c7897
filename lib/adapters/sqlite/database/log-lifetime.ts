import type { Clock } from '../../../ports/clock.ts';

const DAY_MS = 24 * 3600 * 1000;

/** How long the log keeps what it has, unless the deployment says otherwise. */
export const DEFAULT_LOG_TTL_MS = 30 * DAY_MS;

/** What was made at or before this moment has expired: milliseconds since the Unix epoch. */
export type Horizon = () => number;

export function logHorizon(clock: Clock, ttlMs: number): Horizon {
  return () => clock.now() - ttlMs;
}
