import { arrived } from './crossing-error.ts';
import type { AskedPort, FromThread, ToThread } from './parts.ts';
import type { TurnChannel } from './turn-channel.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The calls that a delivery thread has the main thread make. */
export class Asking {
  readonly #channel: TurnChannel<FromThread>;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor(channel: TurnChannel<FromThread>) {
    this.#channel = channel;
  }

  call<T>(port: AskedPort, method: string, args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#calls += 1;
      this.#waiting.set(this.#calls, { resolve: resolve as (value: unknown) => void, reject });
      this.#channel.send({ kind: 'call', id: this.#calls, port, method, args });
    });
  }

  /** A port each of whose methods is called there. Its arguments and answers are copied. */
  port<T extends object>(name: AskedPort): T {
    const method =
      (_: T, called: string | symbol) =>
      (...args: unknown[]) =>
        this.call(name, String(called), args);
    return new Proxy({} as T, { get: method });
  }

  settle(part: Extract<ToThread, { kind: 'answer' | 'failure' }>): void {
    const waiting = this.#waiting.get(part.id);
    this.#waiting.delete(part.id);
    if (part.kind === 'answer') waiting?.resolve(part.value);
    else waiting?.reject(arrived(part.error));
  }
}
