import { Worker } from 'node:worker_threads';
import type { DispatchBatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Log } from '../../ports/log.ts';
import { arrived, crossing } from './crossing-error.ts';
import type { AskedPort, FromThread, ThreadData, ToThread } from './parts.ts';
import { TurnChannel } from './turn-channel.ts';

/** Makes a call of a port for a thread. */
export type Answer = (port: AskedPort, method: string, args: unknown[]) => Promise<unknown>;

/** A thread has died, and with it the dispatches that it was told. */
export class ThreadDied extends Error {
  override name = 'ThreadDied';
}

export interface ThreadOptions {
  data: ThreadData;
  answer: Answer;
  log: Log;
  /** It has loaded its code. */
  onReady(): void;
  /** Fewer dispatches than it was told are waiting to begin. */
  onBegun(): void;
}

interface UnderWay {
  done(kept: string[]): void;
  failed(error: Error): void;
}

/** One delivery thread, as the main thread sees it. */
export class DeliveryThread {
  readonly #options: ThreadOptions;
  readonly #worker: Worker;
  readonly #channel: TurnChannel<ToThread>;
  readonly #underWay = new Map<number, UnderWay>();
  #told = 0;
  #begun = 0;
  #isReady = false;
  #isClosing = false;
  #hasEnded = false;
  #death: Error | undefined;
  /** Resolves once it has ended: with the reason, unless it was to. */
  readonly ended: Promise<Error | undefined>;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./delivery-thread.ts', import.meta.url), { workerData: options.data });
    this.#channel = new TurnChannel<ToThread>(this.#worker);
    this.#worker.on('message', (parts: FromThread[]) => parts.forEach((part) => this.#take(part)));
    this.#worker.on('error', (error: Error) => (this.#death ??= error));
    this.ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        if (!this.#isClosing) this.#death ??= new Error(`it ended with code ${code}`);
        this.#abandon();
        resolve(this.#death);
      });
    });
  }

  /** It has loaded its code. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Dispatches that it was told and has not begun: how far it is behind. */
  get behind(): number {
    return this.#told - this.#begun;
  }

  /**
   * @param homes how many threads share the places of the process now, this one included
   * @throws ThreadDied when it dies before it is done
   */
  dispatch(batch: DispatchBatch, homes: number): Promise<string[]> {
    if (this.#hasEnded) return Promise.reject(this.#died());
    this.#told += 1;
    const id = this.#told;
    return new Promise((done, failed) => {
      this.#underWay.set(id, { done, failed });
      this.#channel.send({ kind: 'dispatch', id, batch, homes });
    });
  }

  /** Ends it, once nothing is under way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#channel.send({ kind: 'close' });
    await this.ended;
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(part: FromThread): void {
    const { log, onReady, onBegun } = this.#options;
    switch (part.kind) {
      case 'ready':
        this.#isReady = true;
        return onReady();
      case 'begun':
        this.#begun += part.count;
        return onBegun();
      case 'call':
        return void this.#answer(part);
      case 'line':
        return log[part.level](part.event, part.fields);
      case 'error-line':
        return log.error(part.event, arrived(part.cause), part.fields);
      case 'done':
        return this.#end(part.id)?.done(part.kept);
      case 'broke':
        return this.#end(part.id)?.failed(arrived(part.error));
    }
  }

  #end(id: number): UnderWay | undefined {
    const underWay = this.#underWay.get(id);
    this.#underWay.delete(id);
    return underWay;
  }

  /** The answer comes after the commit, so what the thread reads then has what it wrote. */
  async #answer({ id, port, method, args }: Extract<FromThread, { kind: 'call' }>): Promise<void> {
    try {
      this.#channel.send({ kind: 'answer', id, value: await this.#options.answer(port, method, args) });
    } catch (error) {
      this.#channel.send({ kind: 'failure', id, error: crossing(error) });
    }
  }

  #died(): ThreadDied {
    return new ThreadDied('The thread that makes this delivery has died.', { cause: this.#death });
  }

  #abandon(): void {
    this.#hasEnded = true;
    this.#begun = this.#told;
    const died = this.#died();
    for (const { failed } of this.#underWay.values()) failed(died);
    this.#underWay.clear();
    this.#options.onBegun();
  }
}
