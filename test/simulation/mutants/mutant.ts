import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plugin, build } from 'esbuild';
import { MUTANT_PREFIX } from '../../support/stale-mutants.ts';
import { ENGINE_MODULES, type Engine, type EngineModules, LIB, engineOf } from '../engine.ts';

/** A bug to plant: a piece of a file of lib, what stands in its place, and which invariants may tell. */
export interface Mutant {
  name: string;
  edits: readonly { file: string; find: string; put: string }[];
  /** Numbers of docs/delivery-states.md; 0: an unexpected exception. */
  breaks: readonly number[];
}

/**
 * Loads lib with a bug planted in it, all of it in one module: that is loaded much faster than a copy of the folder. Each
 * piece must be there exactly once: who changes the code finds out here which bug has to be planted elsewhere.
 */
export async function plant(mutant: Mutant): Promise<Engine> {
  const edited = editedFiles(mutant);
  const planted = new Set<string>();
  const root = mkdtempSync(join(tmpdir(), `${MUTANT_PREFIX}${process.pid}-`));
  try {
    const outfile = join(root, 'lib.mjs');
    symlinkSync(join(LIB, '../node_modules'), join(root, 'node_modules'));
    await build({
      stdin: { contents: ENTRY, resolveDir: LIB, loader: 'ts' },
      plugins: [replacing(edited, planted)],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node24',
    });
    const missing = [...edited.keys()].filter((path) => !planted.has(path));
    if (missing.length > 0) throw new Error(`${mutant.name}: not loaded: ${missing.join(', ')}`);
    return engineOf((await import(/* @vite-ignore */ outfile)) as EngineModules);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const ENTRY = Object.entries(ENGINE_MODULES)
  .map(([name, file]) => `export * as ${name} from './${file}';`)
  .join('\n');

/** The texts of the files with the bug, by their absolute paths. */
function editedFiles({ name, edits }: Mutant): Map<string, string> {
  const edited = new Map<string, string>();
  for (const { file, find, put } of edits) {
    const path = join(LIB, file);
    const parts = (edited.get(path) ?? readFileSync(path, 'utf8')).split(find);
    if (parts.length !== 2) throw new Error(`${name}: ${file} has ${parts.length - 1} times: ${find}`);
    edited.set(path, parts.join(put));
  }
  return edited;
}

/** Asked for the edited files alone: esbuild reads the hundreds of others by itself, without a word to this process. */
function replacing(edited: ReadonlyMap<string, string>, planted: Set<string>): Plugin {
  const filter = new RegExp(`^(?:${[...edited.keys()].map((path) => RegExp.escape(path)).join('|')})$`);
  return {
    name: 'replacing',
    setup({ onLoad }) {
      onLoad({ filter }, ({ path }) => {
        planted.add(path);
        return { contents: edited.get(path) as string, loader: 'ts' };
      });
    },
  };
}
