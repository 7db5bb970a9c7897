import { expect, test } from 'vitest';
import { readDialects } from '../../lib/dialects/own-dialects.ts';

test('a deployment’s dialects are read with their defaults', () => {
  expect(readDialects({ mine: { envelope: 'data' } })).toEqual({
    mine: { envelope: 'data', headers: [], retry_delays: [10, 60, 300], breaker: 'outage', gone_disables: false },
  });
});

test.each([
  [[], 'expected record'],
  [{ Mine: { envelope: 'data' } }, 'Mine: the name must be lower-case letters'],
  [{ standard: { envelope: 'data' } }, 'standard: the name is a dialect that comes with Postrider'],
  [{ a: { envelope: 'data', retry_delays: [0] }, b: {} }, 'a.retry_delays.0: '],
  [{ a: { envelope: 'data' }, b: {} }, 'b.envelope: must be "data"'],
  [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`d${n}`, { envelope: 'data' }])), 'at most 20 dialects'],
])('%j is refused with each mistake and its place', (value, line) => {
  expect(() => readDialects(value)).toThrow(line);
});
