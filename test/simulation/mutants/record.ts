import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, 'found-by.json');

/** The seed of a history that tells each planted bug, by the bug's name. `npm run mutants` writes it. */
export type FoundBy = Readonly<Record<string, number | undefined>>;

export async function readRecord(): Promise<FoundBy> {
  return JSON.parse(await readFile(FILE, 'utf8')) as FoundBy;
}

/** In one go: searches that run beside each other write it. */
export function writeRecord(record: FoundBy): void {
  writeFileSync(FILE, `${JSON.stringify(record, undefined, 2)}\n`);
}
