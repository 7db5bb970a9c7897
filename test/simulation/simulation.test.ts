import { expect, test } from 'vitest';
import { loadEngine } from './engine.ts';
import { simulate } from './simulation.ts';

const engine = await loadEngine();

test('the same seed is the same history', async () => {
  for (const seed of [3, 14, 159]) {
    const [one, other] = [await simulate(seed, engine), await simulate(seed, engine)];
    expect(one.steps).toBeGreaterThan(10);
    expect(other).toEqual(one);
  }
});
