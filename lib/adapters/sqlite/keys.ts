import type { ApiKeyStore } from '../../ports/api-key-store.ts';
import type { TenantStore } from '../../ports/tenant-store.ts';
import { Database } from './database/database.ts';
import { GroupCommit } from './database/group-commit.ts';
import { SqliteApiKeyStore } from './stores/api-key-store.ts';
import { SqliteTenantStore } from './stores/tenant-store.ts';

export interface SqliteKeys {
  apiKeys: ApiKeyStore;
  tenants: TenantStore;
  close(): void;
}

/**
 * Opens the API keys of a file that another process may be using: that process looks keys up at each request, so a new one is
 * good at once.
 * @throws Error when the file is not there, or has another version's schema
 */
export function openSqliteKeys(path: string): SqliteKeys {
  const database = Database.join(path);
  const commits = new GroupCommit(database);
  return {
    apiKeys: new SqliteApiKeyStore(database, commits),
    tenants: new SqliteTenantStore(database, commits),
    close: () => {
      commits.flush();
      database.close();
    },
  };
}
