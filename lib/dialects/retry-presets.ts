import type { RetryPolicy } from '../domain/retry-schedule.ts';
import { type DialectName, DIALECT_NAMES, dialects } from './index.ts';

const MINUTE = 60;
const HOUR = 3600;

type Schedules = Record<string, readonly number[]>;

/**
 * Schedules of platforms that have no dialect here yet: the API accepts their names, so stored endpoints have them.
 * When a dialect gets its folder, its schedule moves there; the type refuses a name that has both.
 */
const WITHOUT_DIALECT = {
  vellum: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  vem: [10, MINUTE, 5 * MINUTE],
  slack: [10, MINUTE, 5 * MINUTE],
  discord: [10, MINUTE, 5 * MINUTE],
  veriswarm: [MINUTE, 5 * MINUTE, 15 * MINUTE],
  ventryx: [MINUTE, 5 * MINUTE, 25 * MINUTE, 90 * MINUTE],
} satisfies Schedules & { [name in DialectName]?: never };

const PRESETS: ReadonlyMap<string, readonly number[]> = new Map([
  ...DIALECT_NAMES.map((name) => [name, dialects[name].retryDelays] as const),
  ...Object.entries(WITHOUT_DIALECT),
]);

/** The names of all presets: one for each dialect, and those of platforms without a dialect. */
export const RETRY_PRESETS: readonly string[] = [...PRESETS.keys()];

/**
 * The delays between the attempts of one schedule, in whole seconds.
 * @throws Error for a preset that no stored endpoint can have
 */
export function delaysOf(policy: RetryPolicy): readonly number[] {
  if (!('preset' in policy)) return policy.delays;
  const delays = PRESETS.get(policy.preset);
  if (!delays) throw new Error(`There is no retry preset ${JSON.stringify(policy.preset)}.`);
  return delays;
}

/** All requests of one schedule: the first and its retries. */
export function maxAttempts(policy: RetryPolicy): number {
  return delaysOf(policy).length + 1;
}
