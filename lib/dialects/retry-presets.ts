import type { RetryPolicy } from '../domain/retry-schedule.ts';
import { type DialectName, DIALECT_NAMES, dialectNamed, dialects } from './index.ts';

/** The names of all presets: one for each dialect that comes with Postrider. */
export const RETRY_PRESETS: readonly string[] = DIALECT_NAMES;

/** The retries of an endpoint that asks for none: its dialect's preset, or the delays of the deployment's own dialect. */
export function defaultRetry(dialect: string): RetryPolicy {
  return Object.hasOwn(dialects, dialect) ? { preset: dialect } : { delays: dialectNamed(dialect).retryDelays };
}

/**
 * The delays between the attempts of one schedule, in whole seconds.
 * @throws Error for a preset that no stored endpoint can have
 */
export function delaysOf(policy: RetryPolicy): readonly number[] {
  if (!('preset' in policy)) return policy.delays;
  if (Object.hasOwn(dialects, policy.preset)) return dialects[policy.preset as DialectName].retryDelays;
  throw new Error(`There is no retry preset ${JSON.stringify(policy.preset)}.`);
}

/** All requests of one schedule: the first and its retries. */
export function maxAttempts(policy: RetryPolicy): number {
  return delaysOf(policy).length + 1;
}
