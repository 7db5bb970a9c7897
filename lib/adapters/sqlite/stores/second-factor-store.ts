import type { SecondFactor } from '../../../domain/second-factor.ts';
import type { FactorOwner, SecondFactorStore } from '../../../ports/second-factor-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import { VersionedRecords } from './versioned-records.ts';

/** The owner of the platform's own factor, which is no tenant's id. */
const PLATFORM = '';

export class SqliteSecondFactorStore implements SecondFactorStore {
  readonly #records: VersionedRecords<SecondFactor>;

  constructor(database: Database, commits: GroupCommit) {
    this.#records = new VersionedRecords(database, commits, { table: 'second_factors', owner: 'owner' });
  }

  get(owner: FactorOwner): Promise<SecondFactor | undefined> {
    return this.#records.get(owner ?? PLATFORM);
  }

  replaceIfVersion(factor: SecondFactor, version: string | undefined): Promise<boolean> {
    return this.#records.replaceIfVersion(factor.tenantId ?? PLATFORM, factor, version);
  }

  remove(owner: FactorOwner): Promise<void> {
    return this.#records.remove(owner ?? PLATFORM);
  }
}
