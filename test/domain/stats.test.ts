import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery, DeliveryStatus } from '../../lib/domain/delivery.ts';
import { firstUlidAt } from '../../lib/domain/ids.ts';
import { statsOf, wholeSteps } from '../../lib/domain/stats.ts';

const MINUTE = 60_000;

function delivery(at: number, status: DeliveryStatus, ...durations: number[]): Delivery {
  const attempts = durations.map((durationMs, index) => ({ number: index + 1, at, durationMs }));
  return { eventId: `evt_${firstUlidAt(at)}`, status, attempts } as unknown as Delivery;
}

test('each delivery is in the step of its event’s acceptance, however it stands now', () => {
  const range = { since: 10 * MINUTE, until: 13 * MINUTE, step: MINUTE };
  const { steps, total } = statsOf(
    [
      delivery(10 * MINUTE, 'delivered', 5),
      delivery(11 * MINUTE - 1, 'delivered', 30, 7),
      delivery(12 * MINUTE, 'retrying', 9),
      delivery(12 * MINUTE, 'held'),
      delivery(12 * MINUTE, 'pending'),
      delivery(9 * MINUTE, 'exhausted', 1),
      delivery(13 * MINUTE, 'exhausted', 1),
    ],
    range,
  );
  expect(steps.map(({ at }) => at / MINUTE)).toEqual([10, 11, 12]);
  expect(steps[0]).toMatchObject({
    delivered: 2,
    attempts: 3,
    failedAttempts: 1,
    durations: { p50: 7, p95: 30, max: 30 },
  });
  expect(steps[1]).toMatchObject({ delivered: 0, attempts: 0, durations: undefined });
  expect(steps[2]).toMatchObject({ waiting: 2, held: 1, attempts: 1, failedAttempts: 1 });
  expect(total).toMatchObject({ delivered: 2, waiting: 2, held: 1, exhausted: 0, attempts: 4 });
});

test('a percentile is a duration that was measured, and no more than the longest', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60_000), { minLength: 1, maxLength: 50 }), (durations) => {
      const { total } = statsOf([delivery(0, 'exhausted', ...durations)], { since: 0, until: MINUTE, step: MINUTE });
      const { p50 = -1, p95 = -1, max = -1 } = total.durations ?? {};
      for (const one of [p50, p95, max]) expect(durations).toContain(one);
      expect(p50 <= p95 && p95 <= max && max === Math.max(...durations)).toBe(true);
      expect(durations.filter((one) => one <= p50).length * 2).toBeGreaterThanOrEqual(durations.length);
    }),
  );
});

test('a range begins and ends with a whole step', () => {
  expect(wholeSteps({ since: 61_000, until: 119_000, step: MINUTE })).toEqual({
    since: MINUTE,
    until: 2 * MINUTE,
    step: MINUTE,
  });
});
