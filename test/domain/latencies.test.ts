import { expect, test } from 'vitest';
import { LATENCY_BOUNDS, NO_LATENCIES, latencyOf, oneLatency, sumOfSteps } from '../../lib/domain/latencies.ts';

const stepsOf = (...all: number[]) =>
  all.map(oneLatency).reduce((one, other) => sumOfSteps(one, other), NO_LATENCIES.requests);

test('a latency is counted below the first bound that it does not exceed, and a longer one than all in a step of its own', () => {
  for (const [step, bound] of LATENCY_BOUNDS.entries()) {
    expect(oneLatency(bound).indexOf(1)).toBe(step);
    expect(oneLatency(bound + 1).indexOf(1)).toBe(step + 1);
  }
  expect(oneLatency(0).indexOf(1)).toBe(0);
  expect(oneLatency(undefined)).toEqual(NO_LATENCIES.requests);
});

test('a share of the latencies did not exceed the bound that is said of it, and some of it exceeded the one below', () => {
  const all = Array.from({ length: 100 }, (_, nth) => (nth + 1) * 10);
  for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
    const said = latencyOf(share, stepsOf(...all)) ?? 0;
    const below = LATENCY_BOUNDS[LATENCY_BOUNDS.findIndex((bound) => bound === said) - 1] ?? 0;
    const exact = all[Math.ceil(share * all.length) - 1] as number;
    expect(said).toBeGreaterThanOrEqual(exact);
    expect(below).toBeLessThan(exact);
  }
});

test('without any there is no share of them, and what is longer than all bounds counts as the last one', () => {
  expect(latencyOf(0.5, NO_LATENCIES.requests)).toBeUndefined();
  expect(latencyOf(0.95, stepsOf(10_000_000))).toBe(300_000);
});
