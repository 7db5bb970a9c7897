import { HISTORIES } from '../histories.ts';
import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';
import { findSeed, withPlanted } from './search.ts';

export interface Search {
  name: string;
  /** The history to try before all others. */
  recorded: number | undefined;
}

/** A history that tells the bug, the recorded or else the first, if any does; and the seconds that it took to find. */
export interface Finding {
  seed: number | undefined;
  seconds: number;
}

const mutants: readonly Mutant[] = Object.values(MUTANTS).flat();

/** Makes one search after another, as they are sent. */
process.on('message', (search: Search) => void answer(search));

async function answer({ name, recorded }: Search): Promise<void> {
  const mutant = mutants.find((one) => one.name === name);
  if (!mutant) throw new Error(`no planted bug has the name ${name}`);
  const from = performance.now();
  const seed = await withPlanted(mutant, (tells) => findSeed(tells, recorded, HISTORIES));
  const finding: Finding = { seed, seconds: (performance.now() - from) / 1000 };
  process.send?.(finding);
}
