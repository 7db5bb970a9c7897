import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';

/** The longest timeout of Node's timers; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms) {
    for (let left = ms; left > 0; left -= MAX_TIMER_MS) await setTimeout(Math.min(left, MAX_TIMER_MS));
  },
};
