import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

const OTHERS = 0o077;

/**
 * Creates an empty file that only its owner can read, or takes the others' rights from one that is there. SQLite itself
 * creates files by the process's umask; its `-wal` and `-shm` take the mode of the database.
 *
 * An existing file is not opened: closing it again would release every POSIX lock that this process holds on it.
 */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    restrict(path);
  }
}

/** {@link makePrivate} for a file that need not be there. */
export function restrictIfThere(path: string): void {
  try {
    restrict(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function restrict(path: string): void {
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0) chmodSync(path, 0o600);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
