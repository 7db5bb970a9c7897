import type { ApiKeyStore } from '../../ports/api-key-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TenantStore } from '../../ports/tenant-store.ts';
import { Database } from './database/database.ts';
import { GroupCommit } from './database/group-commit.ts';
import { logHorizon } from './database/log-lifetime.ts';
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
 * @param logTtlMs how long the log is kept, and the tombstone of an erased tenant
 * @throws Error when the file is not there, or has another version's schema
 */
export function openSqliteKeys(path: string, clock: Clock, logTtlMs: number): SqliteKeys {
  const database = Database.join(path);
  const commits = new GroupCommit(database);
  return {
    apiKeys: new SqliteApiKeyStore(database, commits),
    tenants: new SqliteTenantStore(database, commits, logHorizon(clock, logTtlMs)),
    close: () => {
      commits.flush();
      database.close();
    },
  };
}
