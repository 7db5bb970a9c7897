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
    if (this.#parts.length === 1) setImmediate(() => this.flush());
  }

  /** Sends now what this turn has so far: its port is about to be closed. */
  flush(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    // A thread's port has no origin.
    // eslint-disable-next-line unicorn/require-post-message-target-origin
    this.#port.postMessage(parts);
  }
}
