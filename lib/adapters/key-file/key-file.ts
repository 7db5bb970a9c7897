import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { synchronizeFolder, writeDurably } from './durable-file.ts';

const KEY_BYTES = 32;
const OTHERS = 0o077;

/**
 * Reads the deployment's key, or creates a random one: 32 bytes in base64 and a newline, mode 0600. The folder must exist.
 * Whoever has this file can read every stored secret; without it, nobody can.
 * @throws Error when the file is not a key, or when anyone but its owner can read it
 */
export function openKeyFile(path: string): Uint8Array {
  const existing = readKey(path);
  if (existing) return existing;
  createUnlessExists(path);
  const made = readKey(path);
  if (!made) throw new Error(`The key file ${path} disappeared while it was being created.`);
  return made;
}

function readKey(path: string): Uint8Array | undefined {
  const file = openIfExists(path);
  if (file === undefined) return undefined;
  try {
    if (process.platform !== 'win32' && (fstatSync(file).mode & OTHERS) !== 0) {
      throw new Error(`Others can read the key file ${path}: run "chmod 600 ${path}".`);
    }
    return parseKey(readFileSync(file, 'utf8').trim(), path);
  } finally {
    closeSync(file);
  }
}

function openIfExists(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseKey(text: string, path: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES && key.toString('base64') === text) return new Uint8Array(key);
  throw new Error(`The key file ${path} must contain ${KEY_BYTES} bytes in base64: restore it from your backup.`);
}

/** Linking fails where a file exists: nobody sees a half-written key, and no other process's key is replaced. */
function createUnlessExists(path: string): void {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  writeDurably(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  synchronizeFolder(dirname(path));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
