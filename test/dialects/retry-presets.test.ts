import { expect, test } from 'vitest';
import { RETRY_PRESETS, delaysOf, maxAttempts } from '../../lib/dialects/retry-presets.ts';

test('each preset is the schedule that its customers know', () => {
  const known = Object.fromEntries(RETRY_PRESETS.map((preset) => [preset, delaysOf({ preset })]));
  const standard = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
  const quick = [10, 60, 300];
  expect(known).toEqual({
    standard,
    vellum: standard,
    vem: quick,
    slack: quick,
    discord: quick,
    veriswarm: [60, 300, 900],
    ventryx: [60, 300, 1500, 5400],
  });
});

test('a schedule is its first request and one for each delay', () => {
  expect(maxAttempts({ preset: 'standard' })).toBe(10);
  expect(maxAttempts({ preset: 'ventryx' })).toBe(5);
  expect(maxAttempts({ delays: [1, 1] })).toBe(3);
  expect(maxAttempts({ delays: [] })).toBe(1);
});

test.each(['often', 'constructor', ''])('a preset that nobody can have stored is no schedule: %j', (preset) => {
  expect(() => delaysOf({ preset })).toThrow('There is no retry preset');
});
