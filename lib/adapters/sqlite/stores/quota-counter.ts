import type { Statement } from '../database/statement.ts';
import type { Counted, QuotaCounter } from '../../../ports/quota-counter.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** Stands behind a tenant's id, which has no line feed, in the name of the row that counts something else. */
const SUFFIX: Readonly<Record<Counted, string>> = { events: '', tests: '\ntest', alerts: '\nalert', mails: '\nmail' };

/** All rows of a tenant. */
export const ROWS_OF_TENANT = `tenant IN (:tenant, ${['test', 'alert', 'mail'].map((what) => `:tenant || char(10) || '${what}'`).join(', ')})`;

/** Keeps only the newest window of each tenant, and of what else is counted of it. */
export class SqliteQuotaCounter implements QuotaCounter {
  readonly #commits: GroupCommit;
  readonly #add: Statement;

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

  add(tenantId: string, window: number, events: number, of: Counted = 'events'): Promise<number> {
    const tenant = tenantId + SUFFIX[of];
    return this.#commits.write(() => Number(this.#add.get({ tenant, window, events })?.events));
  }
}
