import type { ReceivedMessage } from '../../../ports/queues.ts';
import type { EarlyWork } from '../database/group-commit.ts';

/** A consumer that takes messages as they are sent: what has a place at once need not lie in the queue before. */
export interface Taker {
  /** Gives a place away, within the write that sends a message. False: it has none, or others are before it. */
  reserve(): boolean;
  /** The write is committed; whether it is on the disk, the message says. */
  take(message: ReceivedMessage): void;
  /** The write failed, and with it came no message for a place. */
  release(): void;
}

/** What one write hands to a taker, once it is committed. */
export class Handover implements EarlyWork {
  readonly #taker: Taker | undefined;
  readonly #received: ReceivedMessage[] = [];
  #reserved = 0;
  #hasBegun = false;

  constructor(taker: Taker | undefined) {
    this.#taker = taker;
  }

  reserve(): boolean {
    if (!this.#taker?.reserve()) return false;
    this.#reserved += 1;
    return true;
  }

  add(message: ReceivedMessage): void {
    this.#received.push(message);
  }

  get isWaiting(): boolean {
    return this.#received.length > 0;
  }

  begin(safe: Promise<void>): void {
    this.#hasBegun = true;
    for (const message of this.#received) this.#taker?.take({ ...message, safe });
  }

  /** The write is safe. Of a store in memory nothing has begun by then: no disk is waited for. */
  complete(): void {
    if (!this.#hasBegun) for (const message of this.#received) this.#taker?.take(message);
  }

  /** The write failed, or the disk: whoever has begun by then hears of that by itself. */
  cancel(): void {
    if (this.#hasBegun) return;
    for (let place = 0; place < this.#reserved; place += 1) this.#taker?.release();
  }
}
