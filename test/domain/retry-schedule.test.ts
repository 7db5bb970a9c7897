import { expect, test } from 'vitest';
import { nextAttemptAt } from '../../lib/domain/retry-schedule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('the delay has twenty percent jitter either way', () => {
  const ask = (fraction: number) => nextAttemptAt({ delays: [100], attempts: 1, startedAt: 0, now: 0, fraction });
  expect(ask(0)).toBe(80_000);
  expect(ask(0.5)).toBe(100_000);
  expect(ask(0.999_999)).toBe(120_000);
});

test('a delay of few seconds stays whole and within its jitter', () => {
  for (const [delay, delays] of [
    [1, [1]],
    [2, [2]],
    [4, [4]],
    [5, [4, 5, 6]],
  ] as const) {
    const asked = [0, 0.2, 0.4, 0.6, 0.8, 0.999].map((fraction) =>
      nextAttemptAt({ delays: [delay], attempts: 1, startedAt: 0, now: 0, fraction }),
    );
    expect(new Set(asked)).toEqual(new Set(delays.map((seconds) => seconds * 1000)));
  }
});

test('after the last delay all attempts are used', () => {
  const ask = (attempts: number) => nextAttemptAt({ delays: [1, 1], attempts, startedAt: 0, now: 10, fraction: 0.5 });
  expect(ask(2)).toBe(1010);
  expect(ask(3)).toBeUndefined();
});

test('a Retry-After is kept when it is longer than the delay', () => {
  const ask = (retryAfterSeconds: number) =>
    nextAttemptAt({ delays: [60], attempts: 1, startedAt: 0, now: 0, fraction: 0.5, retryAfterSeconds });
  expect(ask(3600)).toBe(HOUR);
  expect(ask(1)).toBe(60_000);
});

test('what would come more than 13 days after the first attempt comes at 13 days, and is the last', () => {
  const ask = (now: number) =>
    nextAttemptAt({
      delays: [DAY / 1000, DAY / 1000, 1, 1],
      attempts: 2,
      startedAt: 0,
      now,
      fraction: 0.5,
    });
  expect(ask(12.5 * DAY)).toBe(13 * DAY);
  expect(ask(13 * DAY)).toBeUndefined();
});
