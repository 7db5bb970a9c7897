import type { Clock } from '../../lib/ports/clock.ts';

/** A clock on which sleeping takes no time of the test's, moves time on, and is remembered. */
export class InstantClock implements Clock {
  readonly slept: number[] = [];
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
  }
}
