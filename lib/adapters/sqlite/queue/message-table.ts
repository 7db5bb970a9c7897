import { randomUUID } from 'node:crypto';
import { QUEUE_RULES } from '../../../ports/queue-rules.ts';
import type { OutgoingMessage, QueueName, ReceivedMessage } from '../../../ports/queues.ts';
import type { Database } from '../database/database.ts';
import { FairTurns, type VirtualTime } from './fair-turns.ts';
import { type MessageStatements, ROWS_AT_ONCE, prepareMessageStatements } from './message-statements.ts';

/** How many messages one receive makes ready at most, which bounds the length of the transaction. */
const PROMOTE_LIMIT = 500;
/**
 * A machine that was off or suspended has worked nothing, for however long; and a first message has no record by which
 * sweep would find its delivery, as it finds those of the other queues.
 */
const NEVER_DROPPED: QueueName = 'deliveries';
/** How often one receive reads again when all the messages it read were dropped or moved. */
const RECEIVE_ROUNDS = 50;

/** What tells apart and joins those who receive from the same file. */
export interface MessageSharing {
  /** How the receipts begin of whatever this one receives. */
  receipts: string;
  virtualTime(queue: QueueName): VirtualTime;
}

const UNSHARED: MessageSharing = { receipts: '', virtualTime: () => ({ now: 0 }) };

interface ReadyRow {
  row: number;
  id: string;
  message_group: string;
  body: string;
  sent_at: number;
  turn: number;
  receive_count: number;
}

/**
 * The statements on the messages of all queues; each method belongs in one write. A message is `ready`, or it waits until
 * `visible_at`: `delayed` when it was sent, `in-flight` after it was received, `hidden` at a consumer's request.
 */
export class MessageTable {
  readonly #receipts: string;
  readonly #statements: MessageStatements;
  readonly #turns: Readonly<Record<QueueName, FairTurns>>;

  constructor(database: Database, { receipts, virtualTime }: MessageSharing = UNSHARED) {
    this.#statements = prepareMessageStatements(database);
    this.#receipts = receipts;
    const turnsOf = (queue: QueueName) => rebuildTurns(database, queue, virtualTime(queue));
    this.#turns = {
      deliveries: turnsOf('deliveries'),
      retries: turnsOf('retries'),
      slow: turnsOf('slow'),
      jobs: turnsOf('jobs'),
      exhausted: turnsOf('exhausted'),
      poison: turnsOf('poison'),
    };
  }

  /** A message without a delay is ready at once. */
  insert(queue: QueueName, messages: readonly OutgoingMessage[], now: number): void {
    inRuns(messages, (some) => {
      const rows = some.flatMap(({ group, body, delaySeconds = 0 }) => {
        const isReady = delaySeconds === 0;
        const turn = isReady ? this.#turns[queue].next(group) : 0;
        return [randomUUID(), group, body, isReady ? 'ready' : 'delayed', turn, now + delaySeconds * 1000];
      });
      const { insert, insertMany } = this.#statements;
      (some.length === 1 ? insert : insertMany).run(queue, now, ...rows);
    });
  }

  /** Messages that are sent and received at once, each in one row that is written once. */
  insertReceived(queue: QueueName, messages: readonly OutgoingMessage[], now: number): ReceivedMessage[] {
    const visibleAt = now + QUEUE_RULES[queue].visibilitySeconds * 1000;
    const receipt = this.#newReceipt();
    const received: ReceivedMessage[] = [];
    inRuns(messages, (some) => {
      const ids = some.map(() => randomUUID());
      const rows = some.flatMap(({ group, body }, index) => [ids[index] as string, group, body]);
      const values = [queue, now, visibleAt, receipt, ...rows] as const;
      const { insertReceived, insertReceivedMany } = this.#statements;
      const inserted =
        some.length === 1
          ? [insertReceived.run(...values).lastInsertRowid]
          : inOrder(ids, insertReceivedMany.all(...values));
      for (const [index, { body, group }] of some.entries()) {
        const receiptHandle = `${inserted[index]}:${receipt}`;
        received.push({ messageId: ids[index] as string, receiptHandle, body, group, receiveCount: 1, sentAt: now });
      }
    });
    return received;
  }

  /** How many of a group's ready messages are received before the next one that it gets. */
  aheadOf(queue: QueueName, group: string): number {
    return this.#turns[queue].aheadOf(group);
  }

  receive(queue: QueueName, max: number, now: number): ReceivedMessage[] {
    this.#promote(queue, now);
    const received: ReceivedMessage[] = [];
    for (let round = 0; round < RECEIVE_ROUNDS && received.length < max; round += 1) {
      const rows = this.#statements.ready.all(queue, max - received.length) as unknown as ReadyRow[];
      if (rows.length === 0) break;
      const fit = rows.filter((row) => {
        this.#turns[queue].received(row.turn);
        return !this.#dropOrMove(queue, row, now);
      });
      received.push(...this.#markReceived(queue, fit, now));
    }
    return received;
  }

  /** @returns false when the receipt is not from the last receive, or the message is no longer in flight */
  hide(queue: QueueName, receiptHandle: string, now: number, visibleAt: number): boolean {
    const [row, receipt] = readHandle(receiptHandle);
    return this.#statements.hide.run(visibleAt, row, queue, receipt, now).changes === 1;
  }

  /** When the message was last received; undefined when the receipt is not from the last receive. */
  receivedAt(queue: QueueName, receiptHandle: string): number | undefined {
    const [row, receipt] = readHandle(receiptHandle);
    return this.#statements.receivedAt.get(row, queue, receipt)?.received_at as number | undefined;
  }

  /** Those of one receive together. */
  remove(queue: QueueName, receiptHandles: readonly string[]): void {
    const byReceipt = new Map<string, number[]>();
    for (const handle of receiptHandles) {
      const [row, receipt] = readHandle(handle);
      const rows = byReceipt.get(receipt);
      if (rows) rows.push(row);
      else byReceipt.set(receipt, [row]);
    }
    const { remove, removeMany } = this.#statements;
    for (const [receipt, rows] of byReceipt) {
      if (rows.length === 1) remove.run(rows[0] as number, queue, receipt);
      else removeMany.run(JSON.stringify(rows), queue, receipt);
    }
  }

  recoverInFlight(now: number): number {
    return Number(this.#statements.recover.run(now).changes);
  }

  /** Of one that has died: later each time a message is received, for it may be what it died of. */
  recoverOf(receipts: string, now: number): number {
    return Number(this.#statements.recoverOf.run({ receipts: `${receipts}*`, now }).changes);
  }

  #newReceipt(): string {
    return this.#receipts + randomUUID();
  }

  /** Messages that become visible queue up like new ones, so that many of them at the same time stay fair. */
  #promote(queue: QueueName, now: number): void {
    for (const row of this.#statements.awake.all(queue, now, PROMOTE_LIMIT)) {
      this.#statements.promote.run(this.#turns[queue].next(row.message_group as string), row.row as number);
    }
  }

  #dropOrMove(queue: QueueName, message: ReadyRow, now: number): boolean {
    const { redrive, retentionSeconds } = QUEUE_RULES[queue];
    if (queue !== NEVER_DROPPED && message.sent_at + retentionSeconds * 1000 <= now) {
      this.#statements.drop.run(message.row);
      return true;
    }
    if (!redrive || message.receive_count < redrive.maxReceives) return false;
    const turn = this.#turns[redrive.to].next(message.message_group);
    this.#statements.move.run({ to: redrive.to, turn, now, row: message.row });
    return true;
  }

  #markReceived(queue: QueueName, messages: readonly ReadyRow[], now: number): ReceivedMessage[] {
    if (messages.length === 0) return [];
    const receipt = this.#newReceipt();
    const visibleAt = now + QUEUE_RULES[queue].visibilitySeconds * 1000;
    this.#statements.markReceived.run(receipt, now, visibleAt, JSON.stringify(messages.map(({ row }) => row)));
    return messages.map((message) => ({
      messageId: message.id,
      receiptHandle: `${message.row}:${receipt}`,
      body: message.body,
      group: message.message_group,
      receiveCount: message.receive_count + 1,
      sentAt: message.sent_at,
    }));
  }
}

/** Calls back with so many of a list as one statement inserts, and with each of those that are left over. */
function inRuns<T>(list: readonly T[], insert: (some: readonly T[]) => void): void {
  const whole = list.length - (list.length % ROWS_AT_ONCE);
  for (let start = 0; start < whole; start += ROWS_AT_ONCE) insert(list.slice(start, start + ROWS_AT_ONCE));
  for (const one of list.slice(whole)) insert([one]);
}

/** Rows are returned in no promised order (sqlite.org/lang_returning.html). */
function inOrder(ids: readonly string[], returned: readonly Record<string, unknown>[]): number[] {
  const rowOf = new Map(returned.map(({ id, row }) => [id, row as number]));
  return ids.map((id) => rowOf.get(id) as number);
}

function rebuildTurns(database: Database, queue: QueueName, virtualTime: VirtualTime): FairTurns {
  const ready = `FROM messages WHERE queue = ? AND state = 'ready'`;
  const lowest = database.prepare(`SELECT MIN(turn) AS turn ${ready}`).get(queue)?.turn;
  const groups = database.prepare(`SELECT message_group, MAX(turn) AS turn ${ready} GROUP BY message_group`).all(queue);
  return new FairTurns(
    Number(lowest ?? 0),
    groups.map((row) => [row.message_group as string, Number(row.turn)] as const),
    virtualTime,
  );
}

/** A handle is the row and the receipt. Any other text finds no message. */
function readHandle(handle: string): [number, string] {
  const [row = '', receipt = ''] = handle.split(':');
  return [/^\d{1,15}$/.test(row) ? Number(row) : -1, receipt];
}
