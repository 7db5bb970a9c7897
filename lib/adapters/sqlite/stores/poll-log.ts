import type { Statement } from '../database/statement.ts';
import type { PollConsumer } from '../../../domain/poll-consumer.ts';
import { type PollEntry, entryKey, keyAt } from '../../../domain/poll-entry.ts';
import type { PollPosition } from '../../../domain/poll-position.ts';
import type { PollLog, PollPlace } from '../../../ports/poll-log.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Horizon } from '../database/log-lifetime.ts';

export class SqlitePollLog implements PollLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #add: Statement;
  readonly #after: Statement;
  readonly #consumers: Statement;
  readonly #consumer: Statement;
  readonly #putConsumer: Statement;
  readonly #removeConsumer: Statement;
  readonly #settled: Statement;
  readonly #putSettled: Statement;

  constructor(database: Database, commits: GroupCommit, horizon: Horizon) {
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#add = database.prepare('INSERT INTO poll_entries VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#after = database.prepare(
      'SELECT body FROM poll_entries WHERE tenant = ? AND endpoint = ? AND key > ? ORDER BY key LIMIT ?',
    );
    const ofEndpoint = 'FROM poll_consumers WHERE tenant = ? AND endpoint = ?';
    this.#consumers = database.prepare(`SELECT body ${ofEndpoint} AND committed_at > ? ORDER BY name`);
    this.#consumer = database.prepare(`SELECT body ${ofEndpoint} AND committed_at > ? AND name = ?`);
    this.#putConsumer = database.prepare(
      `INSERT INTO poll_consumers VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET committed_at = excluded.committed_at, body = excluded.body`,
    );
    this.#removeConsumer = database.prepare(`DELETE ${ofEndpoint} AND committed_at > ? AND name = ?`);
    this.#settled = database.prepare('SELECT body FROM polls_settled WHERE tenant = ? AND endpoint = ?');
    this.#putSettled = database.prepare(
      'INSERT INTO polls_settled VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
  }

  async add(entries: readonly PollEntry[]): Promise<void> {
    await this.#commits.write(() => {
      for (const entry of entries) {
        const { tenantId, endpointId, writtenAt } = entry;
        this.#add.run(tenantId, endpointId, entryKey(entry), writtenAt, JSON.stringify(entry));
      }
    });
  }

  entriesAfter({ tenantId, endpointId }: PollPlace, key: string, limit: number): Promise<PollEntry[]> {
    const unexpired = keyAt(this.#horizon() + 1);
    const after = key > unexpired ? key : unexpired;
    return this.#database.read(() => this.#after.all(tenantId, endpointId, after, limit).map(bodyOf<PollEntry>));
  }

  consumers({ tenantId, endpointId }: PollPlace): Promise<PollConsumer[]> {
    return this.#database.read(() =>
      this.#consumers.all(tenantId, endpointId, this.#horizon()).map(bodyOf<PollConsumer>),
    );
  }

  consumer({ tenantId, endpointId }: PollPlace, name: string): Promise<PollConsumer | undefined> {
    return this.#database.read(() => {
      const row = this.#consumer.get(tenantId, endpointId, this.#horizon(), name);
      return row && bodyOf<PollConsumer>(row);
    });
  }

  async putConsumer(consumer: PollConsumer): Promise<void> {
    const { tenantId, endpointId, name, committedAt } = consumer;
    const body = JSON.stringify(consumer);
    await this.#commits.write(() => this.#putConsumer.run(tenantId, endpointId, name, committedAt, body));
  }

  removeConsumer({ tenantId, endpointId }: PollPlace, name: string): Promise<boolean> {
    return this.#commits.write(
      () => this.#removeConsumer.run(tenantId, endpointId, this.#horizon(), name).changes === 1,
    );
  }

  settled({ tenantId, endpointId }: PollPlace): Promise<PollPosition | undefined> {
    return this.#database.read(() => {
      const row = this.#settled.get(tenantId, endpointId);
      return row && bodyOf<PollPosition>(row);
    });
  }

  async putSettled({ tenantId, endpointId }: PollPlace, position: PollPosition): Promise<void> {
    await this.#commits.write(() => this.#putSettled.run(tenantId, endpointId, JSON.stringify(position)));
  }
}

function bodyOf<T>({ body }: Record<string, unknown>): T {
  return JSON.parse(body as string) as T;
}
