import type { Clock } from '../../lib/ports/clock.ts';

interface Sleeper {
  wakesAt: number;
  wake(): void;
}

const START = Date.UTC(2026, 0, 1);

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];

  /** @param startAt milliseconds since the Unix epoch */
  constructor(startAt: number = START) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push({ wakesAt: this.#now + Math.max(ms, 0), wake: resolve });
    });
  }

  /** When the next sleeper wakes; undefined without sleepers. */
  nextWakeAt(): number | undefined {
    return this.#next()?.wakesAt;
  }

  /** Moves time on. Sleepers wake in the order of their times, each at its time, and get a turn of the event loop. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    for (let next = this.#next(); next && next.wakesAt <= target; next = this.#next()) {
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#now = Math.max(this.#now, next.wakesAt);
      next.wake();
      await eventLoopTurn();
    }
    this.#now = target;
    await eventLoopTurn();
  }

  /** Moves time on, a tenth of a second at a time, until some work has ended. */
  async advanceUntil<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const end = () => (state.isOver = true);
    work.then(end, end);
    while (!state.isOver) await this.advance(100);
    return work;
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!first || sleeper.wakesAt < first.wakesAt) first = sleeper;
    }
    return first;
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
