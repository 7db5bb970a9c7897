/** Those who write one file take turns. */
export interface WriteTurns {
  /** Waits for its turn. */
  enter(): void;
  leave(): void;
}

/** Of a connection that nobody of this process writes beside. */
export const ALONE: WriteTurns = { enter: () => undefined, leave: () => undefined };

const FREE = 0;
/**
 * SQLite's own lock keeps writers apart in any case: after so long, in milliseconds, one goes on to wait for that. A turn
 * takes some milliseconds. One that takes longer may be a thread's that has died, of which the main thread hears while it
 * does not wait; or SQLite has committed, and writes its log into the file, which keeps nobody from writing.
 */
const LONGEST_WAIT_MS = 100;

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

  enter(): void {
    for (;;) {
      const owner = Atomics.compareExchange(this.#owner, 0, FREE, this.#thread);
      if (owner === FREE) return;
      if (Atomics.wait(this.#owner, 0, owner, LONGEST_WAIT_MS) === 'timed-out') return;
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
