import type { MessagePort } from 'node:worker_threads';

/** Sends what one turn of the event loop has for another thread as one message: each message wakes that thread. */
export class TurnChannel<T> {
  readonly #port: Pick<MessagePort, 'postMessage'>;
  #parts: T[] = [];

  constructor(port: Pick<MessagePort, 'postMessage'>) {
    this.#port = port;
  }

  send(part: T): void {
    this.#parts.push(part);
    if (this.#parts.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    // A thread's port has no origin.
    // eslint-disable-next-line unicorn/require-post-message-target-origin
    this.#port.postMessage(parts);
  }
}
