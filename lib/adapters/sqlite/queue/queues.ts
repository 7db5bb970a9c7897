import { ServiceFault, VisibilityLimitError } from '../../../domain/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { checkOutgoing } from '../../../ports/outgoing-rules.ts';
import { MAX_VISIBILITY_SECONDS, QUEUE_RULES, checkReceiveMax, checkSeconds } from '../../../ports/queue-rules.ts';
import type { MessageCount, OutgoingMessage, QueueName, Queues, ReceivedMessage } from '../../../ports/queues.ts';
import type { Database } from '../database/database.ts';
import type { EarlyWork, GroupCommit } from '../database/group-commit.ts';
import { Deletions } from './deletions.ts';
import { Handover, type Taker } from './handover.ts';
import { type MessageSharing, MessageTable } from './message-table.ts';
import { QueueGauge } from './queue-gauge.ts';

/**
 * Messages of one receive. SQS gives ten, which costs a call; here it would cost a commit, and deliveries would fall behind.
 */
export const MAX_RECEIVE = 100;

/** Queues that behave like those of SQS: visibility, delays, receive counts, redrive and fairness among groups. */
export class SqliteQueues implements Queues {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #messages: MessageTable;
  readonly #deletions: Deletions;
  readonly #gauge: QueueGauge;
  readonly #listeners = new Map<QueueName, Set<() => void>>();
  readonly #takers = new Map<QueueName, Taker>();
  #onChange: (queue: QueueName) => void = () => undefined;

  /** @param deletionWaitMs how long a deletion waits for a commit to share */
  constructor(database: Database, commits: GroupCommit, clock: Clock, deletionWaitMs = 0, sharing?: MessageSharing) {
    this.#database = database;
    this.#commits = commits;
    this.#clock = clock;
    this.#messages = new MessageTable(database, sharing);
    this.#deletions = new Deletions(commits, this.#messages, deletionWaitMs);
    this.#gauge = new QueueGauge(database, clock);
  }

  async send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.sendBy(queue, messages, (insertAll, early) =>
      messages.length === 1 ? this.#commits.write(insertAll, early) : this.#commits.writeTogether(insertAll, early),
    );
  }

  /** Sends by a write of the caller's, which may do more, or decide not to send. */
  async sendBy<T>(
    queue: QueueName,
    messages: readonly OutgoingMessage[],
    write: (insertAll: () => void, early: EarlyWork) => Promise<T>,
  ): Promise<T> {
    checkOutgoing(messages);
    const handover = new Handover(this.#takers.get(queue));
    try {
      let isLeftOver = false;
      const written = await write(() => {
        isLeftOver = !this.#insertAll(queue, messages, handover);
        // Now, so that whoever waits for a message receives it by the same commit.
        if (isLeftOver) this.announce(queue);
      }, handover);
      handover.complete();
      if (isLeftOver) this.#onChange(queue);
      return written;
    } catch (error) {
      handover.cancel();
      throw error;
    }
  }

  /** @returns whether all of them are received */
  #insertAll(queue: QueueName, messages: readonly OutgoingMessage[], handover: Handover): boolean {
    const now = this.#clock.now();
    const isTaken = ({ delaySeconds = 0 }: OutgoingMessage) => delaySeconds === 0 && handover.reserve();
    const [taken, left]: [OutgoingMessage[], OutgoingMessage[]] = [[], []];
    for (const message of messages) (isTaken(message) ? taken : left).push(message);
    for (const message of this.#messages.insertReceived(queue, taken, now)) handover.add(message);
    this.#messages.insert(queue, left, now);
    return left.length === 0;
  }

  async hide(queue: QueueName, message: ReceivedMessage, seconds: number): Promise<void> {
    checkSeconds(seconds, Number.MAX_SAFE_INTEGER);
    await this.#commits.write(() => {
      const now = this.#clock.now();
      const visibleAt = now + seconds * 1000;
      const receivedAt = this.#messages.receivedAt(queue, message.receiptHandle);
      if (receivedAt !== undefined && visibleAt > receivedAt + MAX_VISIBILITY_SECONDS * 1000) {
        throw new VisibilityLimitError(
          `${queue}: ${seconds} s would hide a message for longer than 12 h after its receive`,
        );
      }
      if (this.#messages.hide(queue, message.receiptHandle, now, visibleAt)) return;
      throw new ServiceFault(`${queue}: the message is no longer in flight with this receipt`);
    });
    this.announce(queue);
    this.#onChange(queue);
  }

  async inFlight(queue: QueueName): Promise<number> {
    return this.#gauge.inFlight(queue);
  }

  /** @param max 1 to {@link MAX_RECEIVE} */
  async receive(queue: QueueName, max: number): Promise<ReceivedMessage[]> {
    checkReceiveMax(max, MAX_RECEIVE);
    const visibleAt = this.nextVisibleAt(queue);
    if (visibleAt === undefined || visibleAt > this.#clock.now()) return [];
    const received = await this.#commits.writeTogether(() => this.#messages.receive(queue, max, this.#clock.now()));
    const { redrive } = QUEUE_RULES[queue];
    if (redrive && received.length < max) this.announce(redrive.to);
    return received;
  }

  async delete(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void> {
    if (messages.length > 0) await this.#deletions.add(queue, messages);
  }

  /**
   * Makes messages visible that an earlier process had received, but neither hidden nor deleted. Only at a start, under the
   * folder's lock.
   * @returns how many messages
   */
  recoverInFlight(): Promise<number> {
    return this.#recover((now) => this.#messages.recoverInFlight(now));
  }

  /**
   * Makes messages visible again, 1 s to 15 minutes later by their receives, that a thread which has died had received.
   * @param receipts how its receipts begin
   * @returns how many messages
   */
  recoverOf(receipts: string): Promise<number> {
    return this.#recover((now) => this.#messages.recoverOf(receipts, now));
  }

  async #recover(recover: (now: number) => number): Promise<number> {
    const recovered = await this.#commits.writeTogether(() => recover(this.#clock.now()));
    for (const queue of this.#listeners.keys()) this.announce(queue);
    return recovered;
  }

  /**
   * Calls the listener whenever a message may have become visible, or may become visible earlier than
   * {@link nextVisibleAt} last returned. For a message that is sent that is before the commit, which a receive by the
   * listener shares: it must conclude nothing else from it.
   * @returns a function that removes the listener
   */
  onReady(queue: QueueName, listener: () => void): () => void {
    const listeners = this.#listeners.get(queue) ?? new Set();
    this.#listeners.set(queue, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * Hands what is sent from now on to a taker that has room, and for which nothing else is ready: the write that sends it
   * receives it too.
   * @returns a function that ends that
   */
  handTo(queue: QueueName, taker: Taker): () => void {
    this.#takers.set(queue, taker);
    return () => this.#takers.delete(queue);
  }

  /** When the next message is or was visible, milliseconds since the Unix epoch; undefined for an empty queue. */
  nextVisibleAt(queue: QueueName): number | undefined {
    return this.#gauge.nextVisibleAt(queue);
  }

  /** How many messages are ready to be received, counted up to `most`. */
  countReady(queue: QueueName, most: number): number {
    return this.#gauge.countReady(queue, most);
  }

  /** About how many of a group's ready messages are received before the next one that it gets. */
  aheadOf(queue: QueueName, group: string): number {
    return this.#messages.aheadOf(queue, group);
  }

  count(queue: QueueName): MessageCount {
    return this.#gauge.count(queue);
  }

  async counts(queue: QueueName): Promise<MessageCount> {
    return this.count(queue);
  }

  /**
   * Calls back after a commit by which consumers of other connections may have something to receive, now or earlier than
   * they know.
   */
  onChange(callback: (queue: QueueName) => void): void {
    this.#onChange = callback;
  }

  /** Tells the listeners of {@link onReady}, who see all that was committed before, by whomever. */
  announce(queue: QueueName): void {
    this.#database.endReading();
    for (const listener of this.#listeners.get(queue) ?? []) listener();
  }
}
