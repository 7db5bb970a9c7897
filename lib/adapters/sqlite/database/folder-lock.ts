import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process is using the folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

export interface FolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Locks a data folder for this process, and creates it if it does not exist. The lock is an open exclusive transaction on
 * the file `lock`: the operating system releases it when the process ends, however it ends.
 * @throws FolderInUseError at once when another process holds the lock
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const handle = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    throw isBusy(error) ? new FolderInUseError(`Another process is using ${folder}.`, { cause: error }) : error;
  }
  return {
    release: () => {
      if (handle.isOpen) handle.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
