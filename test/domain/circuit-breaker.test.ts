import { expect, test } from 'vitest';
import { BREAKERS } from '../../lib/dialects/dialect.ts';
import { breakerTrips } from '../../lib/domain/circuit-breaker.ts';

const health = (consecutiveFailures: number, failingSince: number) => ({
  tenantId: 't',
  endpointId: 'ep',
  generation: 1,
  consecutiveFailures,
  failingSince,
});

test('ten failures over a minute trip the breaker', () => {
  expect(breakerTrips(health(10, 0), 60_000, BREAKERS.outage)).toBe(true);
});

test('a single burst is not an outage', () => {
  expect(breakerTrips(health(50, 0), 59_999, BREAKERS.outage)).toBe(false);
});

test('nine failures over a day are not enough', () => {
  expect(breakerTrips(health(9, 0), 86_400_000, BREAKERS.outage)).toBe(false);
});
