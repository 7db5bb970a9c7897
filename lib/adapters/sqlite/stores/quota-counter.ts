import type { StatementSync } from 'node:sqlite';
import type { QuotaCounter } from '../../../ports/quota-counter.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** Keeps only the newest window of each tenant. */
export class SqliteQuotaCounter implements QuotaCounter {
  readonly #commits: GroupCommit;
  readonly #add: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#commits = commits;
    this.#add = database.prepare(
      `INSERT INTO quota_counts AS old (tenant, window, events) VALUES (:tenant, :window, :events)
       ON CONFLICT DO UPDATE SET
         events = :events + CASE WHEN :window > old.window THEN 0 ELSE old.events END,
         window = max(old.window, :window)
       RETURNING events`,
    );
  }

  add(tenantId: string, window: number, events: number): Promise<number> {
    return this.#commits.write(() => Number(this.#add.get({ tenant: tenantId, window, events })?.events));
  }
}
