import type { StatementSync } from 'node:sqlite';
import type { Claim, IdempotencyClaims } from '../../ports/idempotency-claims.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Database } from './database.ts';

export class SqliteIdempotencyClaims implements IdempotencyClaims {
  readonly #commits: GroupCommit;
  readonly #claim: StatementSync;
  readonly #get: StatementSync;
  readonly #takeOver: StatementSync;
  readonly #finish: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#commits = commits;
    this.#claim = database.prepare(
      `INSERT INTO claims AS old (tenant, key, event, body_hash, lease_token, lease_until, deliveries, expires_at)
       VALUES (:tenant, :key, :event, :bodyHash, :leaseToken, :leaseUntil, :deliveries, :expiresAt)
       ON CONFLICT DO UPDATE SET ${REPLACE} WHERE old.expires_at <= :now`,
    );
    this.#get = database.prepare('SELECT * FROM claims WHERE tenant = ? AND key = ?');
    this.#takeOver = database.prepare(
      `UPDATE claims SET ${REPLACE} WHERE tenant = :tenant AND key = :key AND lease_token = :heldBy`,
    );
    this.#finish = database.prepare(
      'UPDATE claims SET deliveries = ? WHERE tenant = ? AND key = ? AND lease_token = ?',
    );
  }

  claimUnlessTaken(claim: Claim, now: number): Promise<Claim | undefined> {
    return this.#commits.write(() => {
      if (this.#claim.run({ ...parametersOf(claim), now }).changes === 1) return undefined;
      return toClaim(this.#get.get(claim.tenantId, claim.key) as unknown as ClaimRow);
    });
  }

  takeOverIfHeldBy(claim: Claim, leaseToken: string): Promise<boolean> {
    return this.#commits.write(() => this.#takeOver.run({ ...parametersOf(claim), heldBy: leaseToken }).changes === 1);
  }

  finishIfHeldBy(claim: Claim, deliveries: number): Promise<boolean> {
    const { tenantId, key, leaseToken } = claim;
    return this.#commits.write(() => this.#finish.run(deliveries, tenantId, key, leaseToken).changes === 1);
  }
}

const REPLACE = `event = :event, body_hash = :bodyHash, lease_token = :leaseToken, lease_until = :leaseUntil,
  deliveries = :deliveries, expires_at = :expiresAt`;

function parametersOf(claim: Claim): Record<string, string | number | null> {
  const { tenantId, eventId, ...rest } = claim;
  return { ...rest, tenant: tenantId, event: eventId, deliveries: claim.deliveries ?? null };
}

interface ClaimRow {
  tenant: string;
  key: string;
  event: string;
  body_hash: string;
  lease_token: string;
  lease_until: number;
  deliveries: number | null;
  expires_at: number;
}

function toClaim(row: ClaimRow): Claim {
  return {
    tenantId: row.tenant,
    key: row.key,
    eventId: row.event,
    bodyHash: row.body_hash,
    leaseToken: row.lease_token,
    leaseUntil: row.lease_until,
    ...(row.deliveries !== null && { deliveries: row.deliveries }),
    expiresAt: row.expires_at,
  };
}
