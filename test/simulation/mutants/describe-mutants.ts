import { describe, expect, test } from 'vitest';
import { isLong } from '../../support/extent.ts';
import { playClean } from '../clean-histories.ts';
import { HISTORIES, HISTORIES_PLAYED } from '../histories.ts';
import { report } from '../report.ts';
import { type Group, MUTANTS } from './catalogue.ts';
import { readRecord } from './record.ts';
import { findSeed, withPlanted } from './search.ts';

/** Some bugs are rare: the bound is the number of histories, and a busy machine plays them slowly. */
const TIMEOUT = 400_000;

const STALE = 'its recorded history no longer tells it: run npm run mutants -- --stale';

/**
 * A test for each: one of the 2,000 histories tells the bug, and is clean without it. The record says which one to try
 * first; when it no longer tells the bug, any other will do. Searching them all is left to `npm run test:long`.
 */
export function describeMutants(group: Group): void {
  describe(`a planted bug is found within ${HISTORIES} histories`, async () => {
    const recorded = await readRecord();

    test.for(MUTANTS[group])('$name', { timeout: TIMEOUT }, async (mutant, { skip }) => {
      const before = recorded[mutant.name];
      const seed = await withPlanted(mutant, (tells) => findSeed(tells, before, HISTORIES_PLAYED));
      if (seed !== before) console.warn(`${mutant.name}: ${STALE}`);
      if (seed === undefined && !isLong) skip(STALE);
      expect(seed, `a history from 1 to ${HISTORIES} that tells the bug`).toBeDefined();
      const without = await playClean(seed as number);
      expect(without.violation, report(without)).toBeUndefined();
    });
  });
}
