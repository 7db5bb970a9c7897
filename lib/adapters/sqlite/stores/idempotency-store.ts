import type { Statement } from '../database/statement.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../../../ports/idempotency-store.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Database } from '../database/database.ts';

export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #commits: GroupCommit;
  readonly #claim: Statement;
  readonly #get: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#commits = commits;
    this.#claim = database.prepare(
      `INSERT INTO claims AS old (tenant, key, event, body_hash, expires_at)
       VALUES (:tenantId, :key, :resourceId, :bodyHash, :expiresAt)
       ON CONFLICT DO UPDATE SET event = :resourceId, body_hash = :bodyHash, expires_at = :expiresAt
       WHERE old.expires_at <= :now`,
    );
    this.#get = database.prepare('SELECT event, body_hash, expires_at FROM claims WHERE tenant = ? AND key = ?');
  }

  claimUnlessTaken(claim: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined> {
    return this.#commits.write(() => {
      if (this.#claim.run({ ...claim, now }).changes === 1) return undefined;
      const { tenantId, key } = claim;
      const taken = this.#get.get(tenantId, key) as unknown as IdempotencyRow;
      return { tenantId, key, resourceId: taken.event, bodyHash: taken.body_hash, expiresAt: taken.expires_at };
    });
  }
}

interface IdempotencyRow {
  event: string;
  body_hash: string;
  expires_at: number;
}
