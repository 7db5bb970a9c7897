import type { Clock } from '../../lib/ports/clock.ts';
import type { Middleware } from './compose.ts';

/** Adds the time at which Lambda stops the function: milliseconds since the Unix epoch. */
export function deadline(clock: Clock): Middleware<object, unknown, { deadline: number }> {
  return {
    before: ({ context, internal }) => {
      internal.deadline = clock.now() + context.getRemainingTimeInMillis();
    },
  };
}
