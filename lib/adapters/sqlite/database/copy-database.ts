import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from './private-file.ts';

/** The time to wait for a process that starts or ends, and so has the file for itself for a moment. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Copies a database as it was at one moment, also while another process writes to it: neither waits for the other (WAL). The
 * copy has no free pages, is checked, and is on the disk when this returns; before that, nothing stands at its place.
 * @param to a path where nothing is
 * @throws Error when the copy can't be written, or is not sound
 */
export function copyDatabase(from: string, to: string): void {
  const draft = `${to}.draft`;
  try {
    makePrivate(draft);
    withDatabase(from, (source) => source.prepare('VACUUM INTO ?').run(draft));
    withDatabase(draft, checkSound);
    flush(draft);
    renameSync(draft, to);
  } finally {
    rmSync(draft, { force: true });
  }
}

function checkSound(copy: DatabaseSync): void {
  const { integrity_check: result } = copy.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (result !== 'ok') throw new Error(`The copy is not sound: ${result}`);
}

function flush(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function withDatabase(path: string, use: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    use(database);
  } finally {
    database.close();
  }
}
