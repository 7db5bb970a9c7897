import { expect, test } from 'vitest';
import { p95Of, stepsSince, sumOfSteps } from '../../console/src/screens/operator/latency.ts';

const step = (within_ms: number | null, count: number) => ({ within_ms, count });

test.each([
  ['nothing was counted', [], undefined],
  ['all are in one step', [step(50, 3)], 50],
  ['95 of 100 are in the first', [step(10, 95), step(500, 5)], 10],
  ['94 of 100 are in the first', [step(10, 94), step(500, 6)], 500],
  ['the steps come in any order', [step(500, 6), step(10, 94)], 500],
  ['more than one in twenty took longer than all bounds', [step(10, 9), step(null, 1)], Infinity],
])('the 95th percentile is the bound that 95 of 100 did not exceed: %s', (_, steps, bound) => {
  expect(p95Of(steps)).toBe(bound);
});

test('the steps of tenants add up, bound by bound', () => {
  const sum = sumOfSteps([step(10, 1), step(null, 2)], [step(10, 3), step(20, 4)]);
  expect(sum).toEqual([step(10, 4), step(null, 2), step(20, 4)]);
});

test('what was counted since the reading before is what came to each step', () => {
  const before = [step(10, 5), step(null, 1)];
  expect(stepsSince([step(10, 7), step(20, 1), step(null, 1)], before)).toEqual([step(10, 2), step(20, 1)]);
});
