import { describe, expect, test } from 'vitest';
import type { Endpoint, EndpointHealth } from '../../lib/domain/endpoint.ts';
import { isSlow, judgeSpeed } from '../../lib/domain/slowness.ts';

const NOW = Date.UTC(2026, 0, 1);
const times = (count: number, duration: number) => Array.from({ length: count }, () => duration);

describe('the last answers make an endpoint', () => {
  test.each([
    ['slow by two that took 15 s together', [9000, 9000]],
    ['slow by two with quick ones between them', [9000, 20, 20, 20, 9000]],
    ['slow by five of 3 s', times(5, 3000)],
    ['slow by two timeouts of ten', [...times(8, 5), 10_000, 10_000]],
  ])('%s', (_, durations) => expect(judgeSpeed(durations)).toBe('slow'));

  test.each([
    ['by one slow answer, however long it took', [30_000]],
    ['by short slow answers, or few', times(4, 3000)],
    ['by answers just below 3 s', times(4, 2999)],
    ['by slow answers more than ten ago', [9000, ...times(5, 5), ...times(4, 2000), 9000].slice(-9)],
    ['by a quick answer after slow ones', [9000, 9000, 5]],
    ['by four quick answers', times(4, 5)],
    ['without answers', []],
  ])('neither slow nor quick %s', (_, durations) => expect(judgeSpeed(durations)).toBeUndefined());

  test('quick by five quick answers in a row', () => expect(judgeSpeed([9000, 9000, ...times(5, 50)])).toBe('quick'));
});

test('a note that it is slow holds for its generation, and ends by itself', () => {
  const endpoint = { generation: 2 } as Endpoint;
  const health = { slowGeneration: 2, slowUntil: NOW } as EndpointHealth;
  expect(isSlow(endpoint, health, NOW - 1)).toBe(true);
  expect(isSlow(endpoint, health, NOW)).toBe(false);
  expect(isSlow({ ...endpoint, generation: 3 }, health, NOW - 1)).toBe(false);
  expect(isSlow(endpoint, undefined, NOW)).toBe(false);
});
