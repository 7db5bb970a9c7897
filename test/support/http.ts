import { type Socket, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A connection to 127.0.0.1 on which a test writes raw HTTP. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('utf8').on('data', (text: string) => (this.#received += text));
    // A server that closes early may reset the connection; what was received before counts.
    this.#socket.on('error', () => {});
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Everything received so far, once it matches. */
  async received(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) await wait(5);
    return this.#received;
  }

  /** Resolves when the connection is closed by either side. */
  async closed(): Promise<void> {
    while (!this.#socket.destroyed) await wait(5);
  }

  /** Resolves once the other side has accepted the connection. */
  async opened(): Promise<void> {
    while (this.#socket.connecting) await wait(5);
    // Accepted by the system is not yet seen by the server.
    await wait(50);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
