import type { Statement } from '../database/statement.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { MessageCount, QueueName } from '../../../ports/queues.ts';
import type { Database } from '../database/database.ts';

/** A count this large is reused for {@link RECOUNT_MS}, because counting reads every entry of an index. */
const LARGE_COUNT = 2000;
const RECOUNT_MS = 1000;

/** What can be told about a queue without changing its messages. */
export class QueueGauge {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #firstReady: Statement;
  readonly #firstWaiting: Statement;
  readonly #inFlight: Statement;
  readonly #count: Statement;
  readonly #ready: Statement;
  readonly #largeCounts = new Map<QueueName, { count: number; at: number }>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#firstReady = database.prepare(
      `SELECT visible_at FROM messages WHERE queue = ? AND state = 'ready' ORDER BY turn LIMIT 1`,
    );
    this.#firstWaiting = database.prepare(
      `SELECT visible_at FROM messages WHERE queue = ? AND state <> 'ready' ORDER BY visible_at LIMIT 1`,
    );
    this.#inFlight = database.prepare(
      `SELECT COUNT(*) AS count FROM messages
       WHERE queue = ? AND state <> 'ready' AND visible_at > ?`,
    );
    this.#count = database.prepare(COUNT);
    this.#ready = database.prepare(
      `SELECT COUNT(*) AS count FROM (SELECT 1 FROM messages WHERE queue = ? AND state = 'ready' LIMIT ?)`,
    );
  }

  nextVisibleAt(queue: QueueName): number | undefined {
    return this.#database.readNow(() => {
      const row = this.#firstReady.get(queue) ?? this.#firstWaiting.get(queue);
      return row && Number(row.visible_at);
    });
  }

  /** With what is delayed, as the port promises; {@link count} tells them apart. */
  inFlight(queue: QueueName): number {
    const now = this.#clock.now();
    const known = this.#largeCounts.get(queue);
    if (known && now - known.at < RECOUNT_MS) return known.count;
    return this.#database.readNow(() => {
      const count = Number(this.#inFlight.get(queue, now)?.count);
      if (count >= LARGE_COUNT) this.#largeCounts.set(queue, { count, at: now });
      else this.#largeCounts.delete(queue);
      return count;
    });
  }

  /** How many messages are ready to be received, counted up to `most`. */
  countReady(queue: QueueName, most: number): number {
    return this.#database.readNow(() => Number(this.#ready.get(queue, most)?.count));
  }

  count(queue: QueueName): MessageCount {
    return this.#database.readNow(() => {
      const row = this.#count.get({ queue, now: this.#clock.now() });
      return { visible: Number(row?.visible), inFlight: Number(row?.in_flight), delayed: Number(row?.delayed) };
    });
  }
}

const WAITING = `FROM messages WHERE queue = :queue AND state <> 'ready'`;

const COUNT = `
  SELECT
    (SELECT COUNT(*) FROM messages WHERE queue = :queue AND state = 'ready')
      + (SELECT COUNT(*) ${WAITING} AND visible_at <= :now) AS visible,
    (SELECT COUNT(*) ${WAITING} AND visible_at > :now AND state <> 'delayed') AS in_flight,
    (SELECT COUNT(*) ${WAITING} AND visible_at > :now AND state = 'delayed') AS delayed`;
