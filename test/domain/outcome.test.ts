import { expect, test } from 'vitest';
import { type SendResult, readOutcome, readRetryAfter } from '../../lib/domain/outcome.ts';

const NOW = Date.UTC(2026, 0, 1);
const answer = (statusCode: number, retryAfter?: string): SendResult => ({
  kind: 'answer',
  statusCode,
  durationMs: 3,
  body: new Uint8Array(),
  ...(retryAfter !== undefined && { retryAfter }),
});

test.each([200, 201, 204, 299])('%i is success', (status) => {
  expect(readOutcome(answer(status), NOW)).toMatchObject({ success: true, statusCode: status });
});

test.each([100, 199, 300, 302, 304, 400, 404, 410, 429, 500, 503, 599])('%i is a failure', (status) => {
  expect(readOutcome(answer(status), NOW)).toMatchObject({ success: false, statusCode: status });
});

test('a redirect is a failure that says so', () => {
  expect(readOutcome(answer(301), NOW)).toMatchObject({
    errorKind: 'redirect',
    errorMessage: expect.stringContaining('not followed'),
  });
});

test('every failure counts for the breaker, but a 429 does not', () => {
  expect(readOutcome(answer(500), NOW).countsForBreaker).toBe(true);
  expect(readOutcome(answer(429), NOW).countsForBreaker).toBe(false);
  const timeout = readOutcome({ kind: 'error', error: 'timeout', message: 'no answer', durationMs: 10 }, NOW);
  expect(timeout).toMatchObject({ success: false, errorKind: 'timeout', countsForBreaker: true, gone: false });
});

test('only a 410 says that the customer wants no more', () => {
  expect(readOutcome(answer(410), NOW).gone).toBe(true);
  expect(readOutcome(answer(404), NOW).gone).toBe(false);
});

test.each([
  { value: '120', seconds: 120 },
  { value: ' 7 ', seconds: 7 },
  { value: '0', seconds: 0 },
  { value: '999999', seconds: 86_400 },
  { value: 'Thu, 01 Jan 2026 00:01:00 GMT', seconds: 60 },
  { value: 'Wed, 31 Dec 2025 23:00:00 GMT', seconds: 0 },
  { value: '-5', seconds: undefined },
  { value: '1.5', seconds: undefined },
  { value: 'soon', seconds: undefined },
  { value: '', seconds: undefined },
  { value: undefined, seconds: undefined },
])('Retry-After $value is $seconds s', ({ value, seconds }) => {
  expect(readRetryAfter(value, NOW)).toBe(seconds);
});

test("a customer's long message is cut to what a record may hold", () => {
  const outcome = readOutcome({ kind: 'error', error: 'tls', message: 'x'.repeat(500), durationMs: 1 }, NOW);
  expect(outcome.errorMessage).toHaveLength(80);
});
