import type { Clock } from '../../lib/ports/clock.ts';
import type { Dice } from './dice.ts';

/** What waits in the scheduler. If it dies, what it waited for does not happen, unless it was under way already. */
export interface Owner {
  dead: boolean;
}

interface Waiting {
  at: number;
  owner: Owner | undefined;
  /** Happens even if its owner has died meanwhile: a request that has left the machine. */
  onItsWay: boolean;
  wake: () => void;
}

/** Something that the environment does at its time: it polls a queue, or runs sweep. */
export interface Chore {
  /** When it can be done next, milliseconds since the Unix epoch; undefined: not at all. */
  dueAt(): number | undefined;
  /** Begins it; must not wait for anything in the scheduler. */
  begin(): void;
}

/**
 * Lets many tasks run at once and in one thread: all of them wait here, at each of their port calls, and the dice
 * choose which one continues. Time moves only when none can continue. The same seed makes the same history.
 */
export class Scheduler implements Clock {
  /** Steps so far: each lets one task continue. */
  steps = 0;
  readonly #dice: Dice;
  readonly #chores: Chore[] = [];
  #waiting: Waiting[] = [];
  #now: number;
  #busy = 0;

  constructor(dice: Dice, startAt: number) {
    this.#dice = dice;
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return this.wait(ms, undefined, false);
  }

  /** Waits for at least this long; never ends if the owner dies meanwhile and nothing was under way. */
  wait(ms: number, owner: Owner | undefined, onItsWay: boolean): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ at: this.#now + ms, owner, onItsWay, wake });
    });
  }

  addChore(chore: Chore): void {
    this.#chores.push(chore);
  }

  /** Runs something that takes turns of the event loop, while all other tasks wait. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  /** Runs until nothing is left to do before `end`, and leaves the clock there; or until `stop` returns true. */
  async runUntil(end: number, stop: () => boolean): Promise<void> {
    for (;;) {
      do await eventLoopTurn();
      while (this.#busy > 0);
      if (stop()) return;
      this.#waiting = this.#waiting.filter(({ owner, onItsWay }) => !owner?.dead || onItsWay);
      const next = this.#nextMoment();
      if (next > this.#now) {
        this.#now = Math.min(next, end);
        if (next > end) return;
      }
      this.#step();
    }
  }

  #nextMoment(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#waiting) next = Math.min(next, at);
    for (const chore of this.#chores) next = Math.min(next, chore.dueAt() ?? next);
    return next;
  }

  #step(): void {
    this.steps += 1;
    const ready = this.#waiting.filter(({ at }) => at <= this.#now);
    const chores = this.#chores.filter((chore) => (chore.dueAt() ?? Number.POSITIVE_INFINITY) <= this.#now);
    const chosen = this.#dice.below(ready.length + chores.length);
    const task = ready[chosen];
    if (!task) {
      chores[chosen - ready.length]?.begin();
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(task), 1);
    task.wake();
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
