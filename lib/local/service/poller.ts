import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { MAX_BATCH } from '../../ports/queue-rules.ts';
import type { QueueName, QueueReceiver, ReceivedMessage } from '../../ports/queues.ts';
import type { SetTimer } from './timer.ts';

/** A queue that says when there is something to receive, so that nobody has to ask all the time. */
export interface PollableQueues extends QueueReceiver {
  /** @returns stops it */
  onReady(queue: QueueName, listener: () => void): () => void;
  /** Milliseconds since the Unix epoch; undefined for an empty queue. */
  nextVisibleAt(queue: QueueName): number | undefined;
}

export interface PollerOptions {
  queue: QueueName;
  queues: PollableQueues;
  clock: Clock;
  setTimer: SetTimer;
  log: Log;
  /** How many messages one call of the handler gets at most: 1 to 10. */
  batchSize: number;
  /** How many calls of the handler are under way at most. */
  maxConcurrency: number;
  /** Answers the ids of the messages that must come back: a partial batch failure. */
  handle(messages: readonly ReceivedMessage[]): Promise<readonly string[]>;
}

export interface Poller {
  /** Receives no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** The clock may be set, and a machine may sleep: a timer is not trusted for longer. */
const LONGEST_SLEEP_MS = 30_000;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Does for a queue what Lambda's event source does: receives batches, hands them to the handler, and deletes what the
 * handler does not want back. What is kept, and the whole batch of a handler that throws, stays invisible until its
 * timeout. It receives as long as there is something to receive and a call of the handler is free, and then sleeps
 * until the queue speaks up or the next message becomes visible.
 */
export function startPoller(options: PollerOptions): Poller {
  const poller = new QueuePoller(options);
  poller.start();
  return poller;
}

class QueuePoller implements Poller {
  readonly #options: PollerOptions;
  readonly #underWay = new Set<Promise<void>>();
  #free: number;
  #receiving = false;
  #stopped = false;
  #failures = 0;
  #unsubscribe = () => {};
  #callOffTimer = () => {};

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#free = options.maxConcurrency;
  }

  start(): void {
    const { queues, queue } = this.#options;
    this.#unsubscribe = queues.onReady(queue, () => this.#goOn());
    this.#goOn();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#callOffTimer();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** The one place that decides: receive now, sleep until there is something, or wait for the handler or the queue. */
  #goOn(): void {
    if (this.#stopped || this.#receiving || this.#free === 0) return;
    this.#callOffTimer();
    let readyAt: number | undefined;
    try {
      readyAt = this.#options.queues.nextVisibleAt(this.#options.queue);
    } catch (cause) {
      this.#backOff(cause);
      return;
    }
    if (readyAt === undefined) return;
    const wait = readyAt - this.#options.clock.now();
    if (wait > 0) this.#sleep(Math.min(wait, LONGEST_SLEEP_MS));
    else this.#track(this.#receive());
  }

  async #receive(): Promise<void> {
    const { queue, queues, batchSize } = this.#options;
    this.#receiving = true;
    try {
      const messages = await queues.receive(queue, Math.min(MAX_BATCH, this.#free * batchSize));
      this.#failures = 0;
      for (let start = 0; start < messages.length; start += batchSize) {
        this.#free -= 1;
        this.#track(this.#work(messages.slice(start, start + batchSize)));
      }
      // From here to the next decision nothing else runs: whatever is sent meanwhile is seen there.
      this.#receiving = false;
      this.#goOn();
    } catch (cause) {
      this.#receiving = false;
      this.#backOff(cause);
    }
  }

  async #work(messages: readonly ReceivedMessage[]): Promise<void> {
    const { queue, queues, log, handle } = this.#options;
    try {
      const kept = new Set(await handle(messages));
      const done = messages.filter(({ messageId }) => !kept.has(messageId));
      await queues.delete(queue, done);
    } catch (cause) {
      log.error('poller.batch-failed', cause, { queue, messages: messages.length });
    }
    this.#free += 1;
    this.#goOn();
  }

  #backOff(cause: unknown): void {
    this.#options.log.error('poller.receive-failed', cause, { queue: this.#options.queue });
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, LONGEST_BACKOFF_MS);
    this.#failures += 1;
    if (!this.#stopped) this.#sleep(wait);
  }

  #sleep(ms: number): void {
    this.#callOffTimer = this.#options.setTimer(ms, () => this.#goOn());
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.then(() => this.#underWay.delete(work));
  }
}
