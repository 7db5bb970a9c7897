import type { Clock } from '../../lib/ports/clock.ts';

/** A clock whose `sleep` returns at once, moves its time on, and is recorded. */
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
