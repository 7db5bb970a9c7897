import { describe, expect, test } from 'vitest';
import { playClean } from './clean-histories.ts';
import { HISTORIES_PLAYED } from './histories.ts';
import { report } from './report.ts';

const QUARTERS = ['first', 'second', 'third', 'fourth'] as const;
const SEEDS_PER_TEST = 100;
const TIMEOUT = 120_000;

/** In several files, so that they share the cores. */
export function describeHistories(quarter: (typeof QUARTERS)[number]): void {
  const seeds = HISTORIES_PLAYED / QUARTERS.length;
  const first = QUARTERS.indexOf(quarter) * seeds + 1;
  const tests = Array.from({ length: Math.ceil(seeds / SEEDS_PER_TEST) }, (_, index) => {
    const from = first + index * SEEDS_PER_TEST;
    return { from, to: Math.min(from + SEEDS_PER_TEST, first + seeds) - 1 };
  });

  describe('whatever goes wrong, every promise of docs/delivery-states.md is kept', () => {
    test.each(tests)(
      'in the histories $from to $to',
      async ({ from, to }) => {
        for (let seed = from; seed <= to; seed += 1) {
          const outcome = await playClean(seed);
          expect(outcome.violation, report(outcome)).toBeUndefined();
        }
      },
      TIMEOUT,
    );
  });
}
