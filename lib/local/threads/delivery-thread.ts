import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { PollEntry } from '../../domain/poll-entry.ts';
import type { Log } from '../../ports/log.ts';
import type { QueueName } from '../../ports/queues.ts';
import { arrived, crossing } from './crossing-error.ts';
import type { FromThread, ThreadData, ToThread } from './parts.ts';
import { TurnChannel } from './turn-channel.ts';

export interface ThreadOptions {
  data: ThreadData;
  log: Log;
  /** It makes deliveries. */
  onReady(): void;
  /** Others may have something to receive, now or earlier than they know. */
  onChanged(queue: QueueName): void;
  /** Adds entries of poll endpoints for it. */
  add(entries: readonly PollEntry[]): Promise<void>;
}

/** One delivery thread, as the main thread sees it. */
export class DeliveryThread {
  readonly #options: ThreadOptions;
  readonly #worker: Worker;
  readonly #channel: TurnChannel<ToThread>;
  #isReady = false;
  #isClosing = false;
  #death: Error | undefined;
  #utilization: EventLoopUtilization | undefined;
  /** Resolves once it has ended: with the reason, unless it was to. */
  readonly ended: Promise<Error | undefined>;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./start-thread.js', import.meta.url), { workerData: options.data });
    this.#channel = new TurnChannel<ToThread>(this.#worker);
    this.#worker.on('message', (parts: FromThread[]) => parts.forEach((part) => this.#take(part)));
    this.#worker.on('error', (error: Error) => (this.#death ??= error));
    this.ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        if (!this.#isClosing) this.#death ??= new Error(`it ended with code ${code}`);
        resolve(this.#death);
      });
    });
  }

  get data(): ThreadData {
    return this.#options.data;
  }

  /** It makes deliveries, and is not ending. */
  get isWorking(): boolean {
    return this.#isReady && !this.#isClosing;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** The share of the time since the last call for which it was busy. While it loads, it is. */
  utilization(): number {
    const now = this.#worker.performance.eventLoopUtilization();
    const { utilization } = this.#worker.performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    return this.#isReady ? utilization : 1;
  }

  tell(part: ToThread): void {
    this.#channel.send(part);
  }

  /** Ends it, once what is under way is done. */
  async close(): Promise<void> {
    if (!this.#isClosing) this.tell({ kind: 'close' });
    this.#isClosing = true;
    await this.ended;
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(part: FromThread): void {
    const { log, onReady, onChanged } = this.#options;
    switch (part.kind) {
      case 'ready':
        this.#isReady = true;
        return onReady();
      case 'changed':
        return onChanged(part.queue);
      case 'add':
        return void this.#add(part);
      case 'line':
        return log[part.level](part.event, part.fields);
      case 'error-line':
        return log.error(part.event, arrived(part.cause), part.fields);
    }
  }

  async #add({ id, entries }: Extract<FromThread, { kind: 'add' }>): Promise<void> {
    try {
      await this.#options.add(entries);
      this.tell({ kind: 'added', id });
    } catch (error) {
      this.tell({ kind: 'not-added', id, error: crossing(error) });
    }
  }
}
