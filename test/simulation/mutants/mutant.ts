import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/**
 * Copies lib and plants a bug in the copy. Each piece must be there exactly once: who changes the code finds out here
 * which bug has to be planted elsewhere.
 * @returns the copy's folder, and what removes it
 */
export function plant({ name, edits }: Mutant, original = LIB): { lib: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'postrider-mutant-'));
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
