import { describe, expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { type Outcome, simulate } from '../simulation.ts';
import { type Mutant, plant } from './mutant.ts';

const SEEDS = 2000;
/** Some bugs are rare: the bound is the number of histories, and a busy machine plays them slowly. */
const TIMEOUT = 400_000;

/** The first seed whose history tells the bug by an invariant that it is known to break. */
async function firstFound(mutant: Mutant): Promise<Outcome | undefined> {
  const { lib, remove } = plant(mutant);
  try {
    const engine = await loadEngine(lib);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const outcome = await simulate(seed, engine, 0);
      if (outcome.violation && mutant.breaks.includes(outcome.violation.invariant)) return outcome;
    }
    return undefined;
  } finally {
    remove();
  }
}

/** A test for each: the simulator finds it, or it could not be trusted to find others. */
export function describeMutants(mutants: readonly Mutant[]): void {
  describe('a planted bug is found within 2,000 histories', () => {
    test.each(mutants)(
      '$name',
      async (mutant) => {
        const found = await firstFound(mutant);
        expect(mutant.breaks).toContain(found?.violation?.invariant);
      },
      TIMEOUT,
    );
  });
}
