import type { StatementSync } from 'node:sqlite';
import type { AlertAddress } from '../../../domain/alert-address.ts';
import type { AlertAddressStore } from '../../../ports/alert-address-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteAlertAddressStore implements AlertAddressStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: StatementSync;
  readonly #create: StatementSync;
  readonly #replace: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT body FROM alert_addresses WHERE tenant = ?');
    this.#create = database.prepare('INSERT INTO alert_addresses VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#replace = database.prepare(
      'UPDATE alert_addresses SET version = ?, body = ? WHERE tenant = ? AND version = ?',
    );
    this.#remove = database.prepare('DELETE FROM alert_addresses WHERE tenant = ?');
  }

  get(tenantId: string): Promise<AlertAddress | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(tenantId);
      return row && (JSON.parse(row.body as string) as AlertAddress);
    });
  }

  replaceIfVersion(alert: AlertAddress, version: string | undefined): Promise<boolean> {
    const { tenantId } = alert;
    const body = JSON.stringify(alert);
    return this.#commits.write(() => {
      const { changes } =
        version === undefined
          ? this.#create.run(tenantId, alert.version, body)
          : this.#replace.run(alert.version, body, tenantId, version);
      return changes === 1;
    });
  }

  async remove(tenantId: string): Promise<void> {
    await this.#commits.write(() => this.#remove.run(tenantId));
  }
}
