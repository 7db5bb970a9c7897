import type { ReceivedMessage } from '../../../ports/queues.ts';

/** A consumer that takes messages as they are sent: what has a place at once need not lie in the queue before. */
export interface Taker {
  /** Gives a place away, within the write that sends a message. False: it has none, or others are before it. */
  reserve(): boolean;
  /** The write is committed. */
  take(message: ReceivedMessage): void;
  /** The write failed, and with it came no message for a place. */
  release(): void;
}

/** What one write hands to a taker, once it is committed. */
export class Handover {
  readonly #taker: Taker | undefined;
  readonly #received: ReceivedMessage[] = [];
  #reserved = 0;

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

  complete(): void {
    for (const message of this.#received) this.#taker?.take(message);
  }

  cancel(): void {
    for (let place = 0; place < this.#reserved; place += 1) this.#taker?.release();
  }
}
