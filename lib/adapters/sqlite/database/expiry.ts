import type { StatementSync } from 'node:sqlite';
import type { Clock } from '../../../ports/clock.ts';
import { RETENTION_SECONDS } from '../../../ports/queue-rules.ts';
import type { Database } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Horizon } from './log-lifetime.ts';

/**
 * What has expired is no longer found, and stays on the disk until it is purged, a bounded step at a time. Unfinished
 * deliveries and jobs are never purged; a delivery takes its response bodies along.
 */
export class Expiry {
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #horizon: Horizon;
  readonly #events: StatementSync;
  readonly #endpointPages: StatementSync;
  readonly #deliveries: StatementSync;
  readonly #jobs: StatementSync;
  readonly #claims: StatementSync;
  readonly #messages: StatementSync;

  constructor(database: Database, commits: GroupCommit, clock: Clock, horizon: Horizon) {
    this.#commits = commits;
    this.#clock = clock;
    this.#horizon = horizon;
    const finished = 'check_at IS NULL AND created_at';
    this.#events = database.prepare(deleteOldest('events', 'row', 'accepted_at'));
    this.#endpointPages = database.prepare(deleteOldest('event_endpoints', 'rowid', 'accepted_at'));
    this.#deliveries = database.prepare(deleteOldest('deliveries', 'row', finished));
    this.#jobs = database.prepare(deleteOldest('jobs', 'row', finished));
    this.#claims = database.prepare(deleteOldest('claims', 'tenant, key', 'expires_at'));
    // Messages are numbered as they are sent: the oldest stand first, and no index of their age is needed.
    this.#messages = database.prepare(
      `DELETE FROM messages WHERE sent_at <= :until
         AND row IN (SELECT row FROM messages ORDER BY row LIMIT :limit)`,
    );
  }

  /**
   * Deletes up to `limit` expired rows of each kind.
   * @returns how many rows went; call again soon while it is not 0
   */
  async purge(limit: number): Promise<number> {
    const now = this.#clock.now();
    const until = this.#horizon();
    const steps: [StatementSync, number][] = [
      [this.#events, until],
      [this.#endpointPages, until],
      [this.#deliveries, until],
      [this.#jobs, until],
      [this.#claims, now],
      [this.#messages, now - RETENTION_SECONDS * 1000],
    ];
    const purged = await Promise.all(
      steps.map(([statement, oldest]) => this.#commits.write(() => statement.run({ until: oldest, limit }).changes)),
    );
    return purged.reduce<number>((sum, count) => sum + Number(count), 0);
  }
}

function deleteOldest(table: string, key: string, age: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${age} <= :until LIMIT :limit)`;
}
