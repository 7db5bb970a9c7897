import type { AlertAddress } from '../../../domain/alert-address.ts';
import type { AlertAddressStore } from '../../../ports/alert-address-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import { VersionedRecords } from './versioned-records.ts';

export class SqliteAlertAddressStore implements AlertAddressStore {
  readonly #records: VersionedRecords<AlertAddress>;

  constructor(database: Database, commits: GroupCommit) {
    this.#records = new VersionedRecords(database, commits, { table: 'alert_addresses', owner: 'tenant' });
  }

  get(tenantId: string): Promise<AlertAddress | undefined> {
    return this.#records.get(tenantId);
  }

  replaceIfVersion(alert: AlertAddress, version: string | undefined): Promise<boolean> {
    return this.#records.replaceIfVersion(alert.tenantId, alert, version);
  }

  remove(tenantId: string): Promise<void> {
    return this.#records.remove(tenantId);
  }
}
