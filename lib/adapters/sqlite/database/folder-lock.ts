import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from './private-file.ts';
import { isBusy } from './sqlite-errors.ts';

/** Another process is using the folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

export interface FolderLock {
  release(): void;
}

/** Keeps the locks from the garbage collector, which closes a database and so releases its lock. */
const held = new Set<DatabaseSync>();

/**
 * Locks a data folder for this process, and creates it if it does not exist. The lock is an open exclusive transaction on
 * the file `lock`: the operating system releases it when the process ends, however it ends.
 * @throws FolderInUseError at once when another process holds the lock
 */
export function lockFolder(folder: string): FolderLock {
  createFolder(folder);
  const file = join(folder, 'lock');
  makePrivate(file);
  const handle = new DatabaseSync(file, { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    throw isBusy(error) ? new FolderInUseError(`Another process is using ${folder}.`, { cause: error }) : error;
  }
  held.add(handle);
  return {
    release: () => {
      held.delete(handle);
      if (handle.isOpen) handle.close();
    },
  };
}

/** Node's `recursive` never returns where the file system lets nobody make folders, such as /proc. */
function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const isThere = existsSync(folder);
    if (isThere && statSync(folder).isDirectory()) return;
    if (isThere || existsSync(dirname(folder))) throw error;
    createFolder(dirname(folder));
    createFolder(folder);
  }
}
