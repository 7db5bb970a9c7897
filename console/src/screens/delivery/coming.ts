import type { Around } from './read.ts';

/** The attempts that are still to come, if all of them fail. */
export interface Coming {
  next: { number: number; at: string } | undefined;
  /** Those after it. */
  later: { first: number; last: number; lastAt: number | undefined } | undefined;
}

export function comingOf({ delivery, delays }: Around): Coming {
  const { attempt_number, max_attempts, next_retry_at } = delivery;
  if (next_retry_at === null) return { next: undefined, later: undefined };
  const number = attempt_number + 1;
  const rest = delays.slice(number - 1).reduce((sum, seconds) => sum + seconds, 0);
  const lastAt = delays.length === max_attempts - 1 ? Date.parse(next_retry_at) + rest * 1000 : undefined;
  return {
    next: { number, at: next_retry_at },
    later: number < max_attempts ? { first: number + 1, last: max_attempts, lastAt } : undefined,
  };
}
