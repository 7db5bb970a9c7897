import type { PollEntry } from '../../domain/poll-entry.ts';
import { arrived } from './crossing-error.ts';
import type { FromThread, ToThread } from './parts.ts';
import type { TurnChannel } from './turn-channel.ts';

/** The entries of poll endpoints that a delivery thread has the main thread add. */
export class AskedEntries {
  readonly #channel: TurnChannel<FromThread>;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #asked = 0;

  constructor(channel: TurnChannel<FromThread>) {
    this.#channel = channel;
  }

  add(entries: readonly PollEntry[]): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#asked += 1;
    this.#waiting.set(this.#asked, waiting);
    this.#channel.send({ kind: 'add', id: this.#asked, entries });
    return waiting.promise;
  }

  settle(part: Extract<ToThread, { kind: 'added' | 'not-added' }>): void {
    const waiting = this.#waiting.get(part.id);
    this.#waiting.delete(part.id);
    if (part.kind === 'added') waiting?.resolve();
    else waiting?.reject(arrived(part.error));
  }
}
