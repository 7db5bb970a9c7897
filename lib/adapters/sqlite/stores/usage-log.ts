import type { StatementSync } from 'node:sqlite';
import { type DayUsage, USAGE_COUNTS, type UsageCounts } from '../../../domain/usage.ts';
import type { UsageLog } from '../../../ports/usage-log.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteUsageLog implements UsageLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #add: StatementSync;
  readonly #days: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#add = database.prepare(
      `INSERT INTO usage (tenant, day, ${USAGE_COUNTS.join(', ')})
       VALUES (:tenantId, :day, ${USAGE_COUNTS.map((name) => `:${name}`).join(', ')})
       ON CONFLICT DO UPDATE SET ${USAGE_COUNTS.map((name) => `${name} = ${name} + :${name}`).join(', ')}`,
    );
    this.#days = database.prepare(
      `SELECT day, ${USAGE_COUNTS.join(', ')} FROM usage
       WHERE tenant = :tenantId AND day BETWEEN :first AND :last ORDER BY day`,
    );
  }

  async add(tenantId: string, day: string, counts: UsageCounts): Promise<void> {
    if (USAGE_COUNTS.every((name) => counts[name] === 0)) return;
    await this.#commits.write(() => this.#add.run({ tenantId, day, ...counts }));
  }

  days(tenantId: string, first: string, last: string): Promise<DayUsage[]> {
    return this.#database.read(() =>
      this.#days.all({ tenantId, first, last }).map((row) => ({ ...row }) as unknown as DayUsage),
    );
  }
}
