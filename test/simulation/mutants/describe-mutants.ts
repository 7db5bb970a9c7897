import { describe, expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { HISTORIES } from '../histories.ts';
import { report } from '../report.ts';
import { simulate } from '../simulation.ts';
import { type Group, MUTANTS } from './catalogue.ts';
import { readRecord } from './record.ts';
import { findSeed, withPlanted } from './search.ts';

/** Some bugs are rare: the bound is the number of histories, and a busy machine plays them slowly. */
const TIMEOUT = 400_000;

/**
 * A test for each: one of the histories that a run of the tests plays tells the bug, and is clean without it. The record
 * says which one to try first; when it no longer tells the bug, any other will do.
 */
export function describeMutants(group: Group): void {
  describe('a planted bug is found within 2,000 histories', async () => {
    const engine = await loadEngine();
    const recorded = await readRecord();

    test.each(MUTANTS[group])(
      '$name',
      async (mutant) => {
        const before = recorded[mutant.name];
        const seed = await withPlanted(mutant, (tells) => findSeed(tells, before));
        if (seed !== before) console.warn(`told by the history ${seed}, and not by ${before}: run npm run mutants`);
        expect(seed, `a history from 1 to ${HISTORIES} that tells the bug`).toBeDefined();
        const without = await simulate(seed as number, engine);
        expect(without.violation, report(without)).toBeUndefined();
      },
      TIMEOUT,
    );
  });
}
