import type { StatementSync } from 'node:sqlite';
import type { ApiKey, ApiKeyStore } from '../../../ports/api-key-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteApiKeyStore implements ApiKeyStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #find: StatementSync;
  readonly #put: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#find = database.prepare('SELECT body FROM api_keys WHERE hash = ?');
    this.#put = database.prepare('INSERT INTO api_keys VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');
  }

  find(hash: string): Promise<ApiKey | undefined> {
    return this.#database.read(() => {
      const row = this.#find.get(hash);
      return row && (JSON.parse(row.body as string) as ApiKey);
    });
  }

  async put(key: ApiKey): Promise<void> {
    const body = JSON.stringify(key);
    await this.#commits.write(() => this.#put.run(key.hash, body));
  }
}
