import type { SqliteQueues } from '../../adapters/sqlite/queue/queues.ts';
import { receiptsOf, releaseTurnOf } from '../../adapters/sqlite/sharing.ts';
import type { PollEntry } from '../../domain/poll-entry.ts';
import { doublingSeconds } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { QUEUE_NAMES, type QueueName } from '../../ports/queues.ts';
import type { SetTimer } from '../service/timer.ts';
import type { ThreadData } from './parts.ts';
import type { ThreadSettings } from './settings.ts';
import { emptyRow } from './shared-places.ts';
import { DeliveryThread } from './delivery-thread.ts';

export interface DeliveryThreadsOptions {
  ports: Pick<Ports, 'clock' | 'log' | 'polls'>;
  queues: Pick<SqliteQueues, 'announce' | 'onChange' | 'recoverOf'>;
  settings: ThreadSettings;
  setTimer: SetTimer;
  /** What a thread is started with, besides its number and its row. */
  data: Omit<ThreadData, 'number' | 'row'>;
  /** The share of the time since the last call for which the main thread was busy. */
  utilization(): number;
  /** Threads make the deliveries from now on; or they do no more. */
  onChange(areWorking: boolean): void;
}

const LOOK_MS = 1000;
/** Seconds until a thread is started again after one has died: 1, 2, 4 … 60. */
const FIRST_REST_SECONDS = 1;
const LONGEST_REST_SECONDS = 60;
const MAIN_THREAD = 1;
/** The main thread has the first row of the places. */
const FIRST_ROW = 1;

/**
 * Starts threads while the service is busy, and ends them when it is idle. A thread that dies loses nothing: what it had
 * under way comes back, and while none is there, the main thread makes the deliveries.
 */
export class DeliveryThreads {
  readonly #options: DeliveryThreadsOptions;
  /** Those that are ending too. */
  readonly #threads = new Set<DeliveryThread>();
  #started = MAIN_THREAD;
  #areWorking = false;
  #idleSince: number | undefined;
  #cancelLook: (() => void) | undefined;
  #lookedAt: number;
  #startedAt = 0;
  #deaths = 0;
  #restUntil = 0;
  #stopped = false;

  constructor(options: DeliveryThreadsOptions) {
    this.#options = options;
    this.#lookedAt = options.ports.clock.now();
    options.utilization();
    options.queues.onChange((queue) => this.#tellChanged(queue));
    if (options.settings.busyFrom === 0) this.#start();
  }

  /** Called for each delivery of the main thread: while there is none, nobody looks. */
  noticeWork(): void {
    if (this.#cancelLook || this.#stopped) return;
    if (this.#options.ports.clock.now() - this.#lookedAt >= LOOK_MS) this.#look();
  }

  /** Once what they have under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook?.();
    await Promise.all(Array.from(this.#threads, (thread) => thread.close()));
  }

  /** Those that are not ending. */
  get #staying(): DeliveryThread[] {
    return [...this.#threads].filter(({ isClosing }) => !isClosing);
  }

  /** Each second while there are threads, or are to be. */
  #look(): void {
    const { settings, ports, utilization } = this.#options;
    const now = ports.clock.now();
    this.#lookedAt = now;
    this.#cancelLook = undefined;
    const staying = this.#staying;
    const own = utilization();
    const busiest = Math.max(own, ...staying.map((thread) => thread.utilization()));
    if (own >= settings.busyFrom && now >= this.#restUntil) this.#start();
    this.#idleSince = busiest < settings.idleBelow ? (this.#idleSince ?? now) : undefined;
    if (this.#idleSince !== undefined && now - this.#idleSince >= settings.idleMs) this.#end(staying);
    if (this.#threads.size > 0 || now < this.#restUntil) this.#lookAgain();
  }

  #lookAgain(): void {
    this.#cancelLook ??= this.#options.setTimer(LOOK_MS, () => this.#look());
  }

  /** All of them: two threads are busy with what one posts. */
  #start(): void {
    try {
      while (this.#staying.length < this.#options.settings.count && this.#startOne());
    } catch (cause) {
      // A container may have no more threads: the service goes on without.
      this.#rest(new Error('a delivery thread could not be started', { cause }));
    }
    this.#lookAgain();
  }

  /** @returns whether there was a row for it */
  #startOne(): boolean {
    const { data, settings, ports } = this.#options;
    const row = this.#freeRow();
    if (row === undefined) return false;
    this.#started += 1;
    this.#startedAt = ports.clock.now();
    const thread = this.#newThread({ ...data, number: this.#started, row });
    this.#threads.add(thread);
    settings.onThread?.(thread);
    return true;
  }

  /** @returns undefined while so many are ending that there is none */
  #freeRow(): number | undefined {
    const taken = new Set(Array.from(this.#threads, ({ data }) => data.row));
    const rows = Array.from({ length: rowsFor(this.#options.settings.count) - FIRST_ROW }, (_, at) => at + FIRST_ROW);
    return rows.find((row) => !taken.has(row));
  }

  #newThread(data: ThreadData): DeliveryThread {
    const { log } = this.#options.ports;
    const thread: DeliveryThread = new DeliveryThread({
      data,
      log,
      onReady: () => {
        log.info('dispatch.thread-ready');
        this.#noteWorking();
      },
      onChanged: (queue) => {
        this.#options.queues.announce(queue);
        this.#tellChanged(queue, thread);
      },
      add: (entries) => this.#add(entries),
    });
    void thread.ended.then((reason) => this.#afterEnd(thread, reason));
    return thread;
  }

  #tellChanged(queue: QueueName, sender?: DeliveryThread): void {
    if (queue !== 'deliveries' && queue !== 'retries') return;
    for (const thread of this.#threads)
      if (thread !== sender && thread.isWorking) thread.tell({ kind: 'changed', queue });
  }

  /** With the time of this thread: polls give them in the order of their times, and one thread writes them in that order. */
  async #add(entries: readonly PollEntry[]): Promise<void> {
    const { clock, polls } = this.#options.ports;
    const writtenAt = clock.now();
    await polls.add(entries.map((entry) => ({ ...entry, writtenAt })));
  }

  #noteWorking(): void {
    const areWorking = [...this.#threads].some(({ isWorking }) => isWorking);
    if (areWorking === this.#areWorking) return;
    this.#areWorking = areWorking;
    this.#options.onChange(areWorking);
  }

  async #afterEnd(thread: DeliveryThread, reason: Error | undefined): Promise<void> {
    const { ports, queues, data } = this.#options;
    const { number, row } = thread.data;
    releaseTurnOf(data.store, number);
    emptyRow(data.places, row);
    this.#threads.delete(thread);
    if (reason) this.#rest(reason);
    this.#noteWorking();
    try {
      await queues.recoverOf(receiptsOf(number));
    } catch (cause) {
      // They come back when their visibility timeout ends.
      ports.log.error('dispatch.not-recovered', cause);
    }
    // What it sent and hid, it may have died before it told of it.
    for (const queue of QUEUE_NAMES) {
      queues.announce(queue);
      this.#tellChanged(queue);
    }
  }

  #rest(reason: Error): void {
    const { clock, log } = this.#options.ports;
    const now = clock.now();
    this.#deaths = now - this.#startedAt > LONGEST_REST_SECONDS * 1000 ? 1 : this.#deaths + 1;
    const seconds = doublingSeconds(FIRST_REST_SECONDS, this.#deaths, LONGEST_REST_SECONDS);
    this.#restUntil = now + seconds * 1000;
    log.error('dispatch.thread-died', reason, { again_in_seconds: seconds });
    if (!this.#stopped) this.#lookAgain();
  }

  #end(staying: readonly DeliveryThread[]): void {
    this.#idleSince = undefined;
    if (staying.length === 0) return;
    this.#options.ports.log.info('dispatch.threads-end', { threads: staying.length });
    for (const thread of staying) void thread.close();
    this.#noteWorking();
  }
}

/** Rows of the places: of the main thread, of the threads, and of as many that are ending. */
export function rowsFor(count: number): number {
  return 1 + 2 * count;
}
