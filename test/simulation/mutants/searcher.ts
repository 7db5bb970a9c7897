import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';
import { firstSeed, withPlanted } from './search.ts';

/** The first history that tells a bug, if any does, and how long it took to find, in seconds. */
export interface Finding {
  seed: number | undefined;
  seconds: number;
}

const mutants: readonly Mutant[] = Object.values(MUTANTS).flat();

/** Searches a bug for each name that it is sent, one at a time. */
process.on('message', (name: string) => void answer(name));

async function answer(name: string): Promise<void> {
  const mutant = mutants.find((one) => one.name === name);
  if (!mutant) throw new Error(`no planted bug has the name ${name}`);
  const from = performance.now();
  const seed = await withPlanted(mutant, (tells) => firstSeed(tells));
  const finding: Finding = { seed, seconds: (performance.now() - from) / 1000 };
  process.send?.(finding);
}
