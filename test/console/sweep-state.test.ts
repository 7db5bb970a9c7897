import { expect, test } from 'vitest';
import { sweepState } from '../../console/src/screens/operator/sweep-state.ts';

const AT = '2026-02-06T12:00:00.000Z';

test.each([
  [null, 'never'],
  ['2026-02-06T11:39:00.000Z', 'current'],
  ['2026-02-06T11:15:00.000Z', 'current'],
  ['2026-02-06T11:14:00.000Z', 'behind'],
])('a sweep that has come to %s is said to be: %s', (sweptUntil, state) => {
  expect(sweepState(AT, sweptUntil)).toBe(state);
});
