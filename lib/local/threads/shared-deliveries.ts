import type { Taker } from '../../adapters/sqlite/queue/handover.ts';
import type { SqliteQueues } from '../../adapters/sqlite/queue/queues.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';
import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { PollableQueues } from '../service/poller.ts';

/** The main thread helps while more messages than these are ready: so a burst does not wait for the threads alone. */
const HELP_FROM = 100;
/** It has no more deliveries under way than these then: places are the threads’ first. */
const HELP_AT_ONCE = 32;
/** How often it looks, milliseconds. */
const LOOK_MS = 10;

/**
 * The queues as the main thread sees them for its own deliveries. While threads make them, it takes only what they leave: its
 * time is for those who post.
 */
export class SharedDeliveries implements PollableQueues {
  readonly #queues: SqliteQueues;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #pollers = new Set<() => void>();
  #isShared = false;
  #isBehind = false;
  #underWay = 0;

  constructor(queues: SqliteQueues, clock: Pick<Clock, 'now'>) {
    this.#queues = queues;
    this.#clock = clock;
  }

  /** Threads make deliveries; or they do no more, and what they left is for the main thread. */
  share(isShared: boolean): void {
    this.#isShared = isShared;
    this.#wake();
  }

  /** Threads make deliveries, and do not keep up with what is posted. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The same dispatch, whose deliveries from these queues are counted. */
  counting(dispatch: Dispatch): Dispatch {
    return async (batch) => {
      if (batch.queue === 'slow') return dispatch(batch);
      this.#underWay += 1;
      try {
        return await dispatch(batch);
      } finally {
        this.#underWay -= 1;
        if (this.#isBehind && this.#underWay === HELP_AT_ONCE / 2) this.#wake();
      }
    };
  }

  onReady(queue: QueueName, listener: () => void): () => void {
    this.#pollers.add(listener);
    const unsubscribe = this.#queues.onReady(queue, () => {
      if (!this.#isShared) listener();
    });
    return () => {
      this.#pollers.delete(listener);
      unsubscribe();
    };
  }

  nextVisibleAt(queue: QueueName): number | undefined {
    const isBehind = this.#isShared && this.#queues.countReady(queue, HELP_FROM) >= HELP_FROM;
    if (queue === 'deliveries') this.#isBehind = isBehind;
    const mayReceive = !this.#isShared || (isBehind && this.#underWay < HELP_AT_ONCE);
    return mayReceive ? this.#queues.nextVisibleAt(queue) : this.#clock.now() + LOOK_MS;
  }

  handTo(queue: QueueName, taker: Taker): () => void {
    return this.#queues.handTo(queue, {
      reserve: () => !this.#isShared && taker.reserve(),
      take: (message) => taker.take(message),
      release: () => taker.release(),
    });
  }

  receive(queue: QueueName, max: number): Promise<ReceivedMessage[]> {
    return this.#queues.receive(queue, this.#isShared ? Math.min(max, HELP_AT_ONCE - this.#underWay) : max);
  }

  delete(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void> {
    return this.#queues.delete(queue, messages);
  }

  #wake(): void {
    for (const wake of this.#pollers) wake();
  }
}
