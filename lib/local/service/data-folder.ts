import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openKeyFile } from '../../adapters/key-file/key-file.ts';
import { FolderInUseError, lockFolder } from '../../adapters/sqlite/database/folder-lock.ts';
import { type SqliteKeys, openSqliteKeys } from '../../adapters/sqlite/keys.ts';
import { type SharedStore, type StoreSharing, newSharedStore, sharingOf } from '../../adapters/sqlite/sharing.ts';
import { type SqliteStore, openSqliteStore } from '../../adapters/sqlite/store.ts';
import type { Clock } from '../../ports/clock.ts';
import { StartFailure, startStage } from './start-failure.ts';

/** At ten events a second or more, each deletion finds a commit to share; and nobody waits for one. */
const DELETION_WAIT_MS = 100;
/** From a hundred events a second on, most successes find a commit to share. */
const RESULT_WAIT_MS = 10;

/** Everything that a service stores. */
export interface DataFolder {
  /** Absolute, or `:memory:`. */
  path: string;
  isNew: boolean;
  /** What the secrets are sealed with. */
  key: Uint8Array;
  /** The platform key stands there; undefined in memory. */
  apiKeyFile: string | undefined;
  store: SqliteStore;
  /** What other threads need that open the file too; undefined in memory. */
  shared: SharedStore | undefined;
  close(): void;
}

/**
 * Opens the API keys in a folder, whether or not a service is using it.
 * @throws StartFailure
 */
export async function openKeysIn(dataDir: string, clock: Clock, logTtlMs: number): Promise<SqliteKeys> {
  try {
    const { store, close } = await openDataFolder(dataDir, clock, logTtlMs);
    return { apiKeys: store.apiKeys, tenants: store.tenants, close };
  } catch (failure) {
    if (!(failure instanceof StartFailure && failure.cause instanceof FolderInUseError)) throw failure;
    const path = resolve(dataDir);
    return startStage({ doing: 'store', dataDir: path }, () =>
      openSqliteKeys(join(path, DATABASE_FILE), clock, logTtlMs),
    );
  }
}

export const DATABASE_FILE = 'postrider.db';
export const KEY_FILE = 'key';
export const API_KEY_FILE = 'api-key';
const KEY_BYTES = 32;
const MAIN_THREAD = 1;

/**
 * Locks a folder for this process and opens what is in it: the key, and one SQLite file.
 * @param dataDir a folder, created if it does not exist; or `:memory:`
 * @throws StartFailure
 */
export async function openDataFolder(dataDir: string, clock: Clock, logTtlMs: number): Promise<DataFolder> {
  if (dataDir === ':memory:') return openMemory(clock, logTtlMs);
  const path = resolve(dataDir);
  const lock = await startStage({ doing: 'folder', dataDir: path }, () => lockFolder(path));
  try {
    const file = join(path, DATABASE_FILE);
    const isNew = isNewFolder(path);
    const keyFile = join(path, KEY_FILE);
    const key = await startStage({ doing: 'key', keyFile }, () => {
      requireKeyOf(file, keyFile);
      return openKeyFile(keyFile);
    });
    const shared = newSharedStore();
    const store = await startStage({ doing: 'store', dataDir: path }, () =>
      openStoreFile(file, clock, logTtlMs, sharingOf(shared, MAIN_THREAD)),
    );
    const close = () => {
      store.close();
      lock.release();
    };
    return { path, isNew, key, apiKeyFile: join(path, API_KEY_FILE), store, shared, close };
  } catch (failure) {
    lock.release();
    throw failure;
  }
}

/**
 * A key is made before the data that it seals. Where it is lost, a new one would open no secret: every delivery would end
 * by our own fault, and those that are posted would, too.
 * @throws Error when there are data without their key
 */
function requireKeyOf(database: string, keyFile: string): void {
  if (existsSync(keyFile) || !isDatabase(database)) return;
  throw new Error(
    `The key file ${keyFile} is missing, and nothing else opens the secrets of the data: restore it from your backup.`,
  );
}

/** What a file of SQLite begins with (sqlite.org/fileformat.html). */
const SQLITE_HEADER = 'SQLite format 3\0';

/** Only before it is opened: to close it again releases every POSIX lock that this process holds on it. */
function isDatabase(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(SQLITE_HEADER.length);
    readSync(file, head);
    return head.toString('latin1') === SQLITE_HEADER;
  } finally {
    closeSync(file);
  }
}

/** Has no service stored anything there? */
export function isNewFolder(dataDir: string): boolean {
  return dataDir !== ':memory:' && !existsSync(join(dataDir, DATABASE_FILE));
}

/** Opens the store as one thread of a service uses it. */
export function openStoreFile(path: string, clock: Clock, logTtlMs: number, sharing: StoreSharing): SqliteStore {
  return openSqliteStore({
    path,
    clock,
    logTtlMs,
    deletionWaitMs: DELETION_WAIT_MS,
    resultWaitMs: RESULT_WAIT_MS,
    sharing,
  });
}

function openMemory(clock: Clock, logTtlMs: number): DataFolder {
  const store = openSqliteStore({ path: ':memory:', clock, logTtlMs });
  const key = new Uint8Array(randomBytes(KEY_BYTES));
  return {
    path: ':memory:',
    isNew: true,
    key,
    apiKeyFile: undefined,
    store,
    shared: undefined,
    close: () => store.close(),
  };
}
