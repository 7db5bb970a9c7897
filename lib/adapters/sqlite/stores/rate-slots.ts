import type { Statement } from '../database/statement.ts';
import type { RateSlots, SlotRequest } from '../../../ports/rate-slots.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteRateSlots implements RateSlots {
  readonly #commits: GroupCommit;
  readonly #reserve: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#commits = commits;
    this.#reserve = database.prepare(RESERVE);
  }

  reserve({ tenantId, endpointId, generation, intervalMs, now }: SlotRequest): Promise<number> {
    return this.#commits.write(() => {
      const row = this.#reserve.get({ tenant: tenantId, endpoint: endpointId, generation, interval: intervalMs, now });
      return Math.ceil(Number(row?.next_free_at) - intervalMs);
    });
  }
}

/** Stores when the next slot is free; the reserved slot is one interval earlier. */
const RESERVE = `
  INSERT INTO rate_slots AS old (tenant, endpoint, generation, next_free_at)
  VALUES (:tenant, :endpoint, :generation, :now + :interval)
  ON CONFLICT DO UPDATE SET
    generation = max(old.generation, :generation),
    next_free_at = :interval + CASE WHEN :generation > old.generation THEN :now ELSE max(:now, old.next_free_at) END
  RETURNING next_free_at`;
