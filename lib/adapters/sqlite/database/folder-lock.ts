import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process works in the folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

export interface FolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes a data folder for this process, and makes it if need be. The lock is an exclusive transaction on the file
 * `lock`, held for life: the operating system frees it when the process ends, however it ends.
 * @throws FolderInUseError at once when another process has it
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const handle = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    throw isBusy(error) ? new FolderInUseError(`Another process works in ${folder}.`, { cause: error }) : error;
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
