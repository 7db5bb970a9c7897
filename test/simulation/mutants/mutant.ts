import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIB } from '../engine.ts';

/** A bug to plant: a piece of a file of lib, what stands in its place, and which invariants may tell. */
export interface Mutant {
  name: string;
  edits: readonly { file: string; find: string; put: string }[];
  /** Numbers of docs/delivery-states.md; 0: an unexpected exception. */
  breaks: readonly number[];
}

const PREFIX = 'postrider-mutant-';
const STALE_AFTER_MS = 24 * 3_600_000;

/**
 * Removes copies that runs left behind which were killed: those whose process is gone, or that are a day old, because a
 * process id can be taken again.
 */
export function removeStaleCopies(folder: string, now: number): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(PREFIX))) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: now };
    const pid = /^(?<pid>\d+)-/.exec(name.slice(PREFIX.length))?.groups?.['pid'];
    const isOver = pid !== undefined && !isAlive(Number(pid));
    if (isOver || now - mtimeMs > STALE_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process is alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Copies lib and plants a bug in the copy. Each piece must be there exactly once: who changes the code finds out here
 * which bug has to be planted elsewhere.
 * @returns the copy's folder, and what removes it
 */
export function plant({ name, edits }: Mutant, original = LIB): { lib: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = () => rmSync(root, { recursive: true });
  const lib = join(root, 'lib');
  cpSync(original, lib, { recursive: true });
  symlinkSync(join(LIB, '../node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  try {
    for (const edit of edits) apply(edit, lib, name);
  } catch (cause) {
    remove();
    throw cause;
  }
  return { lib, remove };
}

function apply({ file, find, put }: Mutant['edits'][number], lib: string, name: string): void {
  const path = join(lib, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has ${parts.length - 1} times: ${find}`);
  writeFileSync(path, parts.join(put));
}
