import type { Engine } from '../engine.ts';
import { HISTORIES } from '../histories.ts';
import { simulate } from '../simulation.ts';
import { type Mutant, plant } from './mutant.ts';

/** Whether a planted bug's history tells it, by an invariant that it is known to break. */
export type Telling = (seed: number) => Promise<boolean>;

/** Plants a bug, and plays histories with it. */
export async function withPlanted<T>(mutant: Mutant, work: (tells: Telling) => Promise<T>): Promise<T> {
  const engine = await plant(mutant);
  return work((seed) => tells(mutant, seed, engine));
}

async function tells({ breaks }: Mutant, seed: number, engine: Engine): Promise<boolean> {
  const { violation } = await simulate(seed, engine, 0);
  return violation !== undefined && breaks.includes(violation.invariant);
}

/** The first of the histories 1 to `last` that tells the bug; undefined: none does. */
export async function firstSeed(telling: Telling, last = HISTORIES): Promise<number | undefined> {
  for (let seed = 1; seed <= last; seed += 1) if (await telling(seed)) return seed;
  return undefined;
}

/**
 * A history that tells the bug: the recorded one, or the first of 1 to `last` if that one does not tell it.
 * @param recorded undefined: none is; one beyond {@link HISTORIES} does not count
 */
export async function findSeed(
  telling: Telling,
  recorded: number | undefined,
  last: number,
): Promise<number | undefined> {
  if (recorded !== undefined && recorded <= HISTORIES && (await telling(recorded))) return recorded;
  return firstSeed(telling, last);
}
