import type { StatementSync } from 'node:sqlite';
import type { SecondFactor } from '../../../domain/second-factor.ts';
import type { FactorOwner, SecondFactorStore } from '../../../ports/second-factor-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** The platform's own has the empty text as its owner, which is no tenant's id. */
export class SqliteSecondFactorStore implements SecondFactorStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: StatementSync;
  readonly #create: StatementSync;
  readonly #replace: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT body FROM second_factors WHERE owner = ?');
    this.#create = database.prepare('INSERT INTO second_factors VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#replace = database.prepare('UPDATE second_factors SET version = ?, body = ? WHERE owner = ? AND version = ?');
    this.#remove = database.prepare('DELETE FROM second_factors WHERE owner = ?');
  }

  get(owner: FactorOwner): Promise<SecondFactor | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(owner ?? '');
      return row && (JSON.parse(row.body as string) as SecondFactor);
    });
  }

  replaceIfVersion(factor: SecondFactor, version: string | undefined): Promise<boolean> {
    const { tenantId: owner = '' } = factor;
    const body = JSON.stringify(factor);
    return this.#commits.write(() => {
      const { changes } =
        version === undefined
          ? this.#create.run(owner, factor.version, body)
          : this.#replace.run(factor.version, body, owner, version);
      return changes === 1;
    });
  }

  async remove(owner: FactorOwner): Promise<void> {
    await this.#commits.write(() => this.#remove.run(owner ?? ''));
  }
}
