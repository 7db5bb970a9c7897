/** Those who write one file take turns. */
export interface WriteTurns {
  /**
   * Waits for its turn, and keeps this thread from all else meanwhile.
   * @param ms at most so long
   * @returns false: another one has it still
   */
  enter(ms: number): boolean;
  /** Without a turn, it does nothing. */
  leave(): void;
}

/** Of a connection that nobody of this process writes beside. */
export const ALONE: WriteTurns = { enter: () => true, leave: () => undefined };

const FREE = 0;

/**
 * Turns among the threads of this process, which wake each other at once: whoever waits for SQLite's own lock sleeps for
 * whole milliseconds.
 */
export class ThreadTurns implements WriteTurns {
  readonly #owner: Int32Array;
  readonly #thread: number;

  /**
   * @param memory four bytes, shared by all threads
   * @param thread a number from 1 on, of this thread alone
   */
  constructor(memory: SharedArrayBuffer, thread: number) {
    this.#owner = new Int32Array(memory);
    this.#thread = thread;
  }

  enter(ms: number): boolean {
    const end = performance.now() + ms;
    for (;;) {
      const owner = Atomics.compareExchange(this.#owner, 0, FREE, this.#thread);
      if (owner === FREE) return true;
      const left = end - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.#owner, 0, owner, left);
    }
  }

  leave(): void {
    endTurn(this.#owner, this.#thread);
  }
}

/** Ends the turn of a thread that has died in it. */
export function endTurnOf(memory: SharedArrayBuffer, thread: number): void {
  endTurn(new Int32Array(memory), thread);
}

function endTurn(owner: Int32Array, thread: number): void {
  if (Atomics.compareExchange(owner, 0, thread, FREE) === thread) Atomics.notify(owner, 0, 1);
}
