import { expect, test } from 'vitest';
import { traceParentOf } from '../../lib/domain/trace-parent.ts';

const VALID = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const of = (traceparent: unknown) => traceParentOf({ trace: JSON.stringify({ trace_id: 'x', traceparent }) });

test('a traceparent is a member of the event’s trace', () => {
  expect(of(VALID)).toBe(VALID);
  expect(traceParentOf({})).toBeUndefined();
  expect(traceParentOf({ trace: '{"trace_id":"x"}' })).toBeUndefined();
  expect(traceParentOf({ trace: JSON.stringify({ parent: { traceparent: VALID } }) })).toBeUndefined();
});

test.each([
  ['no text', 1],
  ['another version', VALID.replace('00-', '01-')],
  ['capitals', VALID.toUpperCase()],
  ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ['a span of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
  ['a line feed', `${VALID}\n`],
  ['more behind it', `${VALID}-x`],
  ['another header', `${VALID}\r\nx: y`],
])('one with %s is not handed on', (_, traceparent) => {
  expect(of(traceparent)).toBeUndefined();
});
