import type { EventAccepted } from '../api-types.ts';
import type { Transport } from '../transport.ts';
import { Batch, type Part, partOf } from './batch.ts';
import { type BatchOptions, type PostedEvent, postBatch } from './post-all.ts';

export interface BatcherOptions extends BatchOptions {
  /** How long an event waits for others, in milliseconds. The default is 20. */
  maxWait?: number;
}

/** An event that somebody waits for. */
interface Waiting<Posted> extends Part<Posted> {
  resolve(accepted: EventAccepted): void;
  reject(reason: unknown): void;
}

const DEFAULT_WAIT_MS = 20;

/**
 * Collects events that are posted one by one: a batch goes out when it has 100 events or 1 MiB, or when its first event
 * has waited long enough. Each event has its own result. Call {@link flush} before the process ends.
 */
export class EventBatcher<Posted extends PostedEvent> {
  readonly #transport: Transport;
  readonly #options: BatcherOptions;
  readonly #underWay = new Set<Promise<void>>();
  #batch = new Batch<Waiting<Posted>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: Transport, options: BatcherOptions = {}) {
    this.#transport = transport;
    this.#options = options;
  }

  /** @throws PostriderError when this event was not accepted */
  post(event: Posted): Promise<EventAccepted> {
    return new Promise((resolve, reject) => {
      const waiting = { ...partOf(event), resolve, reject };
      if (!this.#batch.hasRoomFor(waiting)) this.#send();
      this.#batch.add(waiting);
      if (this.#batch.isFull) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#options.maxWait ?? DEFAULT_WAIT_MS);
    });
  }

  /** Sends what has been posted so far, and waits until each event has its result. */
  async flush(): Promise<void> {
    this.#send();
    await Promise.all(this.#underWay);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { items } = this.#batch;
    if (items.length === 0) return;
    this.#batch = new Batch();
    const sent = this.#settle(items).finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
  }

  async #settle(items: readonly Waiting<Posted>[]): Promise<void> {
    try {
      const outcomes = await postBatch(this.#transport, items, this.#options);
      for (const [index, { resolve, reject }] of items.entries()) {
        const { accepted, error } = outcomes[index] ?? {};
        if (accepted) resolve(accepted);
        else reject(error);
      }
    } catch (cause) {
      for (const { reject } of items) reject(cause);
    }
  }
}
