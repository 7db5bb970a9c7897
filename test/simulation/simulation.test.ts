import { describe, expect, test } from 'vitest';
import { loadEngine } from './engine.ts';
import { report } from './report.ts';
import { simulate } from './simulation.ts';

const SEEDS = 2000;
const PARTS = 4;
const PART = SEEDS / PARTS;
const TIMEOUT = 120_000;

const engine = await loadEngine();
const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * PART + 1, to: (part + 1) * PART }));

describe('whatever goes wrong, every promise of docs/delivery-states.md is kept', () => {
  test.each(parts)(
    'in the histories $from to $to',
    async ({ from, to }) => {
      for (let seed = from; seed <= to; seed += 1) {
        const outcome = await simulate(seed, engine);
        expect(outcome.violation, report(outcome)).toBeUndefined();
      }
    },
    TIMEOUT,
  );

  test('the same seed is the same history', async () => {
    for (const seed of [3, 14, 159]) {
      const [one, other] = [await simulate(seed, engine), await simulate(seed, engine)];
      expect(one.steps).toBeGreaterThan(10);
      expect(other).toEqual(one);
    }
  });
});
