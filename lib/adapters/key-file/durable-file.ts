import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A new file that only its owner can read. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A new file name is durable once its folder is synchronized. Windows can't open folders, and needs no such step. */
export function synchronizeFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Replaces a file as a whole, or creates it: after a crash it has the old text or the new one. Mode 0600. */
export function replaceDurably(path: string, text: string): void {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  writeDurably(draft, text);
  renameSync(draft, path);
  synchronizeFolder(dirname(path));
}
