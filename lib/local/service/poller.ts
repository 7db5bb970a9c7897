import type { Taker } from '../../adapters/sqlite/queue/handover.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { QueueName, QueueReceiver, ReceivedMessage } from '../../ports/queues.ts';
import type { SetTimer } from './timer.ts';

/** Queues that tell when there is something to receive, so that nobody has to poll them. */
export interface PollableQueues extends QueueReceiver {
  /** @returns a function that removes the listener */
  onReady(queue: QueueName, listener: () => void): () => void;
  /** Milliseconds since the Unix epoch; undefined for an empty queue. */
  nextVisibleAt(queue: QueueName): number | undefined;
  /** @returns a function that ends it */
  handTo(queue: QueueName, taker: Taker): () => void;
}

export interface PollerOptions {
  queue: QueueName;
  queues: PollableQueues;
  clock: Clock;
  setTimer: SetTimer;
  log: Log;
  /** Most messages of one receive: what `queues` allows. */
  receiveAtOnce: number;
  /** Most concurrent calls of the handler. */
  maxConcurrency: number;
  /**
   * @param receivedAt from when on it is invisible, milliseconds since the Unix epoch: a slow disk can have taken long
   * @returns whether the message is done with; otherwise it must come back
   */
  handle(message: ReceivedMessage, receivedAt: number): Promise<boolean>;
}

export interface Poller {
  /** Receives no more, and waits for the messages in progress. */
  stop(): Promise<void>;
}

/** The clock may be changed, and a machine may sleep: no timer is trusted for longer. */
const LONGEST_SLEEP_MS = 30_000;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Does for a queue what Lambda's event source does: receives messages, passes each to the handler, and deletes those that
 * are done with. The others, and that of a handler that throws, stay invisible until their timeout. It receives while
 * there are messages and the handler has capacity, and then sleeps until the queue notifies it or the next message becomes
 * visible.
 */
export function startPoller(options: PollerOptions): Poller {
  const poller = new QueuePoller(options);
  poller.start();
  return poller;
}

class QueuePoller implements Poller, Taker {
  readonly #options: PollerOptions;
  readonly #inProgress = new Set<Promise<void>>();
  #free: number;
  #receiving = false;
  /** The queue has nothing before its next notice, or before the timer: nobody need ask it. */
  #asleep = false;
  #stopped = false;
  #failures = 0;
  #unsubscribe = () => {};
  #endHandover = () => {};
  #cancelTimer: (() => void) | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#free = options.maxConcurrency;
  }

  start(): void {
    const { queues, queue } = this.#options;
    this.#unsubscribe = queues.onReady(queue, () => this.#wake());
    this.#endHandover = queues.handTo(queue, this);
    this.#next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#endHandover();
    this.#cancelTimer?.();
    while (this.#inProgress.size > 0) await Promise.all(this.#inProgress);
  }

  /** While it sleeps, nothing in the queue is ready. */
  reserve(): boolean {
    if (this.#stopped || !this.#asleep || this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** One that comes after the stop stays in flight, as after a crash. */
  take(message: ReceivedMessage): void {
    if (this.#stopped) return;
    // Should it come back, something has to look.
    if (this.#asleep && !this.#cancelTimer) this.#sleep(LONGEST_SLEEP_MS);
    this.#track(this.#handle(message, this.#options.clock.now()));
  }

  release(): void {
    this.#free += 1;
    this.#next();
  }

  #wake(): void {
    this.#asleep = false;
    this.#next();
  }

  /** Decides what to do next: receive now, sleep until a message is visible, or wait for the handler or the queue. */
  #next(): void {
    if (this.#stopped || this.#receiving || this.#asleep || this.#free === 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let readyAt: number | undefined;
    try {
      readyAt = this.#options.queues.nextVisibleAt(this.#options.queue);
    } catch (cause) {
      this.#backOff(cause);
      return;
    }
    const wait = readyAt === undefined ? undefined : readyAt - this.#options.clock.now();
    this.#asleep = wait === undefined || wait > 0;
    if (wait === undefined) return;
    if (wait > 0) this.#sleep(Math.min(wait, LONGEST_SLEEP_MS));
    else this.#track(this.#receive());
  }

  async #receive(): Promise<void> {
    const { queue, queues, clock, receiveAtOnce } = this.#options;
    const receivedAt = clock.now();
    this.#receiving = true;
    try {
      const messages = await queues.receive(queue, Math.min(receiveAtOnce, this.#free));
      this.#failures = 0;
      for (const message of messages) {
        this.#free -= 1;
        this.#track(this.#handle(message, receivedAt));
      }
      // Nothing else runs between here and the next decision, which therefore sees every message sent before it.
      this.#receiving = false;
      this.#next();
    } catch (cause) {
      this.#receiving = false;
      this.#backOff(cause);
    }
  }

  async #handle(message: ReceivedMessage, receivedAt: number): Promise<void> {
    const { queue, queues, log } = this.#options;
    try {
      if (await this.#isDone(message, receivedAt)) await queues.delete(queue, [message]);
    } catch (cause) {
      log.error('poller.message-failed', cause, { queue, message_id: message.messageId });
    }
  }

  /** Others are received before the message is deleted: a deletion can wait for a commit to share. */
  async #isDone(message: ReceivedMessage, receivedAt: number): Promise<boolean> {
    try {
      return await this.#options.handle(message, receivedAt);
    } finally {
      this.#free += 1;
      this.#next();
    }
  }

  #backOff(cause: unknown): void {
    this.#options.log.error('poller.receive-failed', cause, { queue: this.#options.queue });
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, LONGEST_BACKOFF_MS);
    this.#failures += 1;
    if (!this.#stopped) this.#sleep(wait);
  }

  #sleep(ms: number): void {
    this.#cancelTimer = this.#options.setTimer(ms, () => {
      this.#cancelTimer = undefined;
      this.#wake();
    });
  }

  #track(work: Promise<void>): void {
    this.#inProgress.add(work);
    void work.then(() => this.#inProgress.delete(work));
  }
}
