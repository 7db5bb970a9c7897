import type { Statement } from '../database/statement.ts';
import type { AuditConclusion, AuditLine, AuditLog, AuditOwner, AuditRange } from '../../../ports/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** The platform's own lines have the empty text as their owner, which is no tenant's id. */
export class SqliteAuditLog implements AuditLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #write: Statement;
  readonly #conclude: Statement;
  readonly #page: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#write = database.prepare(
      'INSERT INTO audit_log VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, body = excluded.body',
    );
    this.#conclude = database.prepare('UPDATE audit_log SET body = json_patch(body, ?) WHERE owner = ? AND id = ?');
    this.#page = database.prepare(
      `SELECT body FROM audit_log WHERE owner = :owner AND id < :before AND at >= :since AND at < :until
       ORDER BY id DESC LIMIT :limit`,
    );
  }

  async write(line: AuditLine): Promise<void> {
    const body = JSON.stringify(line);
    await this.#commits.write(() => this.#write.run(line.tenantId ?? '', line.id, line.at, body));
  }

  async conclude({ tenantId, id }: Pick<AuditLine, 'tenantId' | 'id'>, conclusion: AuditConclusion): Promise<void> {
    const change = JSON.stringify(conclusion);
    await this.#commits.write(() => this.#conclude.run(change, tenantId ?? '', id));
  }

  page(owner: AuditOwner, { before, since, until, limit }: AuditRange): Promise<AuditLine[]> {
    return this.#database.read(() =>
      this.#page
        .all({ owner: owner ?? '', before: before ?? PAST_ALL, since, until: until ?? Number.MAX_SAFE_INTEGER, limit })
        .map(({ body }) => JSON.parse(body as string) as AuditLine),
    );
  }
}

/** After every id. */
const PAST_ALL = '~';
