import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the repository's root. */
  path: string;
  text: string;
  /** Packages and modules of Node that it imports. */
  modules: string[];
  /** Paths of the files that it imports, also those of which it imports types only. */
  files: string[];
}

const IMPORT = /(?:\bfrom |\bimport\(|^import )'([^']+)'/gm;

/** All TypeScript files in a folder of the repository. */
export function sourceFiles(folder: string): SourceFile[] {
  return [...filePaths(folder, '.ts'), ...filePaths(folder, '.tsx')].map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const imports = [...text.matchAll(IMPORT)].map((match) => match[1] as string);
    const isFile = (name: string) => name.startsWith('.');
    return {
      path,
      text,
      modules: imports.filter((name) => !isFile(name)),
      files: imports.filter(isFile).map((name) => normalize(join(dirname(path), name))),
    };
  });
}

/** From the repository's root, in all folders below this one. */
export function filePaths(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .toSorted();
}

/** The files in circles of imports, and those between two circles: what is left when every loose end is cut. */
export function filesInCircles(sources: readonly Pick<SourceFile, 'path' | 'files'>[]): string[] {
  const left = new Map(sources.map(({ path, files }) => [path, files]));
  for (;;) {
    const imported = new Set([...left.values()].flat());
    const isLoose = ([path, files]: [string, string[]]) =>
      !imported.has(path) || !files.some((target) => left.has(target));
    const loose = [...left].filter(isLoose);
    if (loose.length === 0) return [...left.keys()].toSorted();
    for (const [path] of loose) left.delete(path);
  }
}

const EVERYTHING = 'everything';
const NOTHING = 'nothing';

/**
 * Who may import whom, out of a table of ARCHITECTURE.md: its first column names a folder in backquotes, its last one
 * says "nothing", "everything" or names, with commas.
 * @param column the heading of the first column
 */
export function importRules(column: string): Map<string, readonly string[]> {
  const lines = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === column);
  if (start === -1) throw new Error(`ARCHITECTURE.md has no table whose first column is "${column}"`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  const cells = rows.slice(0, end).map(cellsOf);
  const names = cells.map(([folder = '']) => nameOf(folder));
  return new Map(
    cells.map((row, index) => {
      const allowed = row.at(-1) ?? '';
      const own = names[index] ?? '';
      if (allowed === EVERYTHING) return [own, names];
      return [own, allowed === NOTHING ? [] : allowed.split(', ')];
    }),
  );
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** `lib/domain/` is domain. */
const nameOf = (folder: string) =>
  folder
    .replaceAll('`', '')
    .replace(/^lib\//, '')
    .replace(/\/$/, '');
