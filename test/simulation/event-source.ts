import type { QueueReceiver, ReceivedMessage } from '../../lib/ports/queues.ts';
import type { SimulatedProcess, WorkQueue } from './process.ts';
import { GARBAGE } from './rest-rules.ts';
import type { Conditions } from './gate.ts';
import type { Chore } from './scheduler.ts';

/** The function's timeout, in milliseconds. */
export const FUNCTION_TIMEOUT = 60_000;
const MOST_AT_ONCE = 50;
/** How often the queue slow, which may be days behind, has dropped its messages before anyone came to them. */
const TOO_OLD = 0.1;

export interface PolledQueues extends QueueReceiver {
  nextVisibleAt(queue: WorkQueue): number | undefined;
}

/** Does for a queue what Lambda's event source does; it may also hold a batch back, or give it to two workers. */
export class EventSource implements Chore {
  readonly #queue: WorkQueue;
  readonly #queues: PolledQueues;
  readonly #conditions: Conditions;
  readonly #worker: () => SimulatedProcess;
  readonly #ended: (worker: SimulatedProcess) => void;
  #visibleAt: number | undefined;
  #known = false;
  underWay = 0;

  constructor(
    queue: WorkQueue,
    queues: PolledQueues,
    conditions: Conditions,
    worker: () => SimulatedProcess,
    ended: (worker: SimulatedProcess) => void,
  ) {
    this.#queue = queue;
    this.#queues = queues;
    this.#conditions = conditions;
    this.#worker = worker;
    this.#ended = ended;
  }

  /** The queue has changed: what was known of it is outdated. */
  touched(): void {
    this.#known = false;
  }

  dueAt(): number | undefined {
    if (this.underWay >= MOST_AT_ONCE) return undefined;
    if (!this.#known) this.#visibleAt = this.#queues.nextVisibleAt(this.#queue);
    this.#known = true;
    return this.#visibleAt;
  }

  begin(): void {
    const { dice, scheduler, profile, unruly } = this.#conditions;
    const most = dice.chance(0.5) ? 10 : dice.between(1, 3);
    const received = scheduler.alone(async () => {
      const messages = await this.#queues.receive(this.#queue, most);
      this.touched();
      return messages;
    });
    const workers = unruly && dice.chance(profile.shareBatch) ? 2 : 1;
    for (let worker = 0; worker < workers; worker += 1) {
      this.underWay += 1;
      void received.then((messages) => this.#share(messages)).finally(() => (this.underWay -= 1));
    }
  }

  /** A message that is dispatched as it is sent. */
  handOver(message: ReceivedMessage): void {
    this.underWay += 1;
    void this.#work([message]).finally(() => (this.underWay -= 1));
  }

  /** A service works each message of these queues on its own. */
  async #share(messages: readonly ReceivedMessage[]): Promise<void> {
    const apart = this.#conditions.profile.service && (this.#queue === 'deliveries' || this.#queue === 'retries');
    if (apart) await Promise.all(messages.map((message) => this.#work([message])));
    else await this.#work(messages);
  }

  async #work(messages: readonly ReceivedMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const { dice, scheduler, profile, unruly, trace } = this.#conditions;
    if (unruly && profile.holdBatchMs > 0) await scheduler.sleep(dice.below(profile.holdBatchMs));
    if (unruly && this.#queue === 'slow' && dice.chance(TOO_OLD)) return this.#drop(messages);
    const worker = this.#worker();
    const told = messages.map(({ body, receiveCount }) => `${body.replaceAll(/"|tenant:\w+,/g, '')}#${receiveCount}`);
    trace.note(scheduler.now(), worker.name, `gets ${this.#queue} ${told.join(' ')}`);
    worker.busy = true;
    const ending = await worker.handle(this.#queue, messages, FUNCTION_TIMEOUT);
    worker.busy = false;
    if (ending.kind !== 'done') return;
    this.#ended(worker);
    await this.#acknowledge(messages.filter(({ messageId }) => !ending.value.includes(messageId)));
  }

  /** An unreadable message is not dropped: it could not come to poison, where it is counted. */
  async #drop(received: readonly ReceivedMessage[]): Promise<void> {
    const { scheduler, trace } = this.#conditions;
    const messages = received.filter(({ body }) => !body.includes(GARBAGE));
    await scheduler.alone(() => this.#queues.delete(this.#queue, messages));
    trace.note(scheduler.now(), 'source', `drops ${messages.length} of ${this.#queue}, which are too old`);
    this.touched();
  }

  async #acknowledge(messages: readonly ReceivedMessage[]): Promise<void> {
    const { dice, scheduler, profile, unruly, trace } = this.#conditions;
    await scheduler.sleep(dice.below(20));
    if (unruly && dice.chance(profile.refuse)) return;
    await scheduler.alone(() => this.#queues.delete(this.#queue, messages));
    if (messages.length > 0) trace.note(scheduler.now(), 'source', `acknowledges ${messages.length} of ${this.#queue}`);
    this.touched();
  }
}
