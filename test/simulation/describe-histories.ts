import { describe, expect, test } from 'vitest';
import { loadEngine } from './engine.ts';
import { report } from './report.ts';
import { simulate } from './simulation.ts';

const SEEDS_PER_TEST = 100;
const TIMEOUT = 120_000;

/** A run of the tests plays the seeds 1 to 2,000, in several files, so that they share the cores. */
export function describeHistories(seeds: { from: number; to: number }): void {
  const tests: { from: number; to: number }[] = [];
  for (let from = seeds.from; from <= seeds.to; from += SEEDS_PER_TEST) {
    tests.push({ from, to: Math.min(from + SEEDS_PER_TEST - 1, seeds.to) });
  }

  describe('whatever goes wrong, every promise of docs/delivery-states.md is kept', async () => {
    const engine = await loadEngine();

    test.each(tests)(
      'in the histories $from to $to',
      async ({ from, to }) => {
        for (let seed = from; seed <= to; seed += 1) {
          const outcome = await simulate(seed, engine);
          expect(outcome.violation, report(outcome)).toBeUndefined();
        }
      },
      TIMEOUT,
    );
  });
}
