import { doublingSeconds } from '../../domain/times.ts';
import { readDeliveryMessage } from '../../domain/message.ts';
import type { Dispatch, DispatchBatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Ports } from '../../ports/ports.ts';
import type { SetTimer } from '../service/timer.ts';
import { type Home, Homes } from './homes.ts';
import type { ThreadData } from './parts.ts';
import type { ThreadSettings } from './settings.ts';
import { type Answer, DeliveryThread, ThreadDied } from './thread.ts';

export interface DeliveryThreadsOptions {
  ports: Pick<Ports, 'clock' | 'log' | 'queues'>;
  /** What makes deliveries in the main thread. */
  local: Dispatch;
  answer: Answer;
  data: ThreadData;
  settings: ThreadSettings;
  setTimer: SetTimer;
  /** The share of the time since the last call for which the main thread was busy. */
  utilization(): number;
}

const LOOK_MS = 1000;
/** Seconds until a thread is started again after one has died: 1, 2, 4 … 60. */
const FIRST_REST_SECONDS = 1;
const LONGEST_REST_SECONDS = 60;
/** Seconds until what a dead thread had under way comes back, by its receives: 1, 2, 4 … 900. */
const LONGEST_WAIT_SECONDS = 900;
/** As many as two turns take in: past that, posts wait for the threads. */
const MOST_BEHIND = 64;

/**
 * Dispatches in threads while the main thread is busy, and in the main thread otherwise. A thread that dies loses nothing:
 * what it had under way comes back, and while it is not there again, the main thread dispatches.
 */
export class DeliveryThreads {
  readonly #options: DeliveryThreadsOptions;
  readonly #homes: Homes;
  #threads: DeliveryThread[] = [];
  /** There are to be threads. */
  #isOn = false;
  #closing: Promise<unknown> = Promise.resolve();
  #lookedAt: number;
  #idleSince: number | undefined;
  #cancelLook: (() => void) | undefined;
  #startedAt = 0;
  #deaths = 0;
  #restUntil = 0;
  #stopped = false;
  #onRoom: (() => void)[] = [];

  constructor(options: DeliveryThreadsOptions) {
    this.#options = options;
    this.#homes = new Homes(options.ports.clock);
    this.#lookedAt = options.ports.clock.now();
    options.utilization();
    if (options.settings.busyFrom === 0) this.#start();
  }

  /** The slow queue's messages stay with the main thread: they are few, and may be under way for long. */
  readonly dispatch: Dispatch = async (batch) => {
    this.#startIfBusy();
    if (batch.queue === 'slow') return this.#options.local(batch);
    try {
      return await this.#atHome(tenantOf(batch), batch);
    } catch (error) {
      if (error instanceof ThreadDied) return this.#comeBack(batch);
      throw error;
    }
  };

  /** How many threads share the places of the process now, the main thread included. */
  get sharers(): number {
    return this.#homes.inUse;
  }

  /** Whether the threads keep up with what they are told. */
  get hasRoom(): boolean {
    return this.#threads.every(({ behind }) => behind < MOST_BEHIND);
  }

  /** Calls back once, when {@link hasRoom} again. */
  whenRoom(callback: () => void): void {
    this.#onRoom.push(callback);
  }

  /** Once nothing is dispatched any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end();
    await this.#closing;
  }

  async #atHome(tenantId: string, batch: DispatchBatch): Promise<string[]> {
    const home = await this.#homes.enter(tenantId, () => this.#homeFor(tenantId));
    try {
      return home === 'main' ? await this.#options.local(batch) : await home.dispatch(batch, this.#homes.inUse);
    } finally {
      this.#homes.leave(tenantId);
    }
  }

  #startIfBusy(): void {
    const { ports, settings, utilization } = this.#options;
    if (this.#isOn || this.#stopped) return;
    const now = ports.clock.now();
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    if (utilization() >= settings.busyFrom && now >= this.#restUntil) this.#start();
  }

  #start(): void {
    this.#isOn = true;
    const missing = this.#options.settings.count - this.#threads.length;
    for (let started = 0; started < missing; started += 1) this.#threads.push(this.#newThread());
    this.#startedAt = this.#options.ports.clock.now();
    this.#idleSince = undefined;
    this.#lookAgain();
  }

  #newThread(): DeliveryThread {
    const { data, answer, ports, settings } = this.#options;
    const { log } = ports;
    const onReady = () => log.info('dispatch.thread-ready');
    const thread = new DeliveryThread({ data, answer, log, onReady, onBegun: () => this.#tellRoom() });
    void thread.ended.then((reason) => reason && this.#afterDeath(thread, reason));
    settings.onThread?.(thread);
    return thread;
  }

  #afterDeath(dead: DeliveryThread, reason: Error): void {
    const { ports } = this.#options;
    const now = ports.clock.now();
    this.#threads = this.#threads.filter((thread) => thread !== dead);
    this.#deaths = now - this.#startedAt > LONGEST_REST_SECONDS * 1000 ? 1 : this.#deaths + 1;
    const seconds = doublingSeconds(FIRST_REST_SECONDS, this.#deaths, LONGEST_REST_SECONDS);
    this.#restUntil = now + seconds * 1000;
    ports.log.error('dispatch.thread-died', reason, { again_in_seconds: seconds });
    this.#tellRoom();
  }

  /** Each second while there are to be threads. */
  #lookAgain(): void {
    this.#cancelLook?.();
    this.#cancelLook = this.#options.setTimer(LOOK_MS, () => {
      this.#look();
      if (this.#isOn) this.#lookAgain();
    });
  }

  #look(): void {
    const { ports, settings, utilization } = this.#options;
    const now = ports.clock.now();
    const idle = utilization() < settings.idleBelow;
    this.#idleSince = idle ? (this.#idleSince ?? now) : undefined;
    if (this.#threads.length < settings.count && now >= this.#restUntil) this.#start();
    if (this.#idleSince === undefined || now - this.#idleSince < settings.idleMs) return;
    if (this.#threads.every((thread) => this.#homes.isEmpty(thread))) this.#end();
  }

  #end(): void {
    this.#isOn = false;
    this.#cancelLook?.();
    const ending = this.#threads;
    this.#threads = [];
    if (ending.length === 0) return;
    this.#closing = Promise.all([this.#closing, ...ending.map((thread) => thread.close())]);
    this.#options.ports.log.info('dispatch.threads-end', { threads: ending.length });
    this.#tellRoom();
  }

  /** Of several threads always the same one, whose connections are open. */
  #homeFor(tenantId: string): Home {
    const threads = this.#threads.filter(({ isReady }) => isReady);
    return threads[sumOf(tenantId) % Math.max(1, threads.length)] ?? 'main';
  }

  /** Later each time: it may be what the thread died of. If it cannot be hidden, its visibility timeout brings it back. */
  async #comeBack({ queue, messages }: DispatchBatch): Promise<string[]> {
    const { log, queues } = this.#options.ports;
    for (const message of messages) {
      const seconds = doublingSeconds(1, message.receiveCount, LONGEST_WAIT_SECONDS);
      await queues.hide(queue, message, seconds).catch((cause: unknown) => log.error('dispatch.not-hidden', cause));
    }
    return messages.map(({ messageId }) => messageId);
  }

  #tellRoom(): void {
    if (!this.hasRoom) return;
    for (const callback of this.#onRoom.splice(0)) callback();
  }
}

function tenantOf({ messages }: DispatchBatch): string {
  const parsed = readDeliveryMessage(messages[0]?.body ?? '');
  return parsed.kind === 'pointer' ? parsed.pointer.tenantId : '';
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at);
  return sum;
}
