import type { Statement } from '../database/statement.ts';
import { NUMBER_KEPT_MS, type NumberSequence, type NumberStore } from '../../../ports/number-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Horizon } from '../database/log-lifetime.ts';

/** A sequence's last number is kept apart, because numbers of deliveries are purged and must not come again. */
export class SqliteNumberStore implements NumberStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #now: () => number;
  readonly #horizon: Horizon;
  readonly #of: Statement;
  readonly #find: Statement;
  readonly #latest: Statement;
  readonly #next: Statement;
  readonly #raise: Statement;
  readonly #insert: Statement;

  constructor(database: Database, commits: GroupCommit, now: () => number, horizon: Horizon) {
    this.#database = database;
    this.#commits = commits;
    this.#now = now;
    this.#horizon = horizon;
    const isKept = `(kind <> 'delivery' OR given_at > :horizon)`;
    const inSequence = 'tenant = :tenantId AND kind = :kind';
    this.#of = database.prepare(`SELECT number FROM numbers WHERE ${inSequence} AND id = :id`);
    this.#find = database.prepare(`SELECT id FROM numbers WHERE ${inSequence} AND number = :number AND ${isKept}`);
    this.#latest = database.prepare(
      `SELECT id FROM numbers WHERE ${inSequence} AND ${isKept} ORDER BY number DESC LIMIT :limit`,
    );
    this.#next = database.prepare(
      `INSERT INTO number_sequences VALUES (:tenantId, :kind, 1)
       ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last`,
    );
    this.#raise = database.prepare(
      `INSERT INTO number_sequences VALUES (:tenantId, :kind, :number)
       ON CONFLICT DO UPDATE SET last = max(last, :number)`,
    );
    this.#insert = database.prepare('INSERT INTO numbers VALUES (:tenantId, :kind, :number, :id, :now)');
  }

  numbersOf(sequence: NumberSequence, ids: readonly string[]): Promise<number[]> {
    return this.#commits.writeTogether(() => ids.map((id) => this.#known(sequence, id) ?? this.#give(sequence, id)));
  }

  find(sequence: NumberSequence, number: number): Promise<string | undefined> {
    return this.#database.read(() => {
      const row = this.#find.get({ ...sequence, number, horizon: this.#horizon() - NUMBER_KEPT_MS });
      return row && (row.id as string);
    });
  }

  keep(sequence: NumberSequence, id: string, number: number): Promise<boolean> {
    return this.#commits.writeTogether(() => {
      const known = this.#known(sequence, id);
      if (known !== undefined) return known === number;
      const taken = this.#find.get({ ...sequence, number, horizon: this.#horizon() - NUMBER_KEPT_MS });
      if (taken) return false;
      this.#raise.run({ ...sequence, number });
      this.#insert.run({ ...sequence, number, id, now: this.#now() });
      return true;
    });
  }

  latest(sequence: NumberSequence, limit: number): Promise<string[]> {
    return this.#database.read(() => {
      const rows = this.#latest.all({ ...sequence, limit, horizon: this.#horizon() - NUMBER_KEPT_MS });
      return rows.map(({ id }) => id as string);
    });
  }

  #known(sequence: NumberSequence, id: string): number | undefined {
    const row = this.#of.get({ ...sequence, id });
    return row && Number(row.number);
  }

  #give(sequence: NumberSequence, id: string): number {
    const number = Number(this.#next.get({ ...sequence })?.last);
    this.#insert.run({ ...sequence, number, id, now: this.#now() });
    return number;
  }
}
