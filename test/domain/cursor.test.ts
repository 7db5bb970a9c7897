import { expect, test } from 'vitest';
import { readCursor, writeCursor } from '../../lib/domain/cursor.ts';

const isPair = (value: unknown): value is [string, number] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number';

test('a cursor is read as the place that it was written for', () => {
  expect(readCursor(writeCursor(['evt_ü', 7]), isPair)).toEqual(['evt_ü', 7]);
});

test('a cursor can stand in a query as it is', () => {
  expect(writeCursor(['???>>>', 1])).toMatch(/^[\w-]+$/);
});

test.each([
  ['a place of another list', writeCursor(['evt', '7'])],
  ['what is not JSON', Buffer.from('nonsense').toString('base64url')],
  ['what is not base64url', 'a b/c'],
  ['another spelling of the same bytes', `${writeCursor(['evt', 7])}=`],
  ['an empty text', ''],
])('%s is refused as the caller’s mistake', (_, cursor) => {
  expect(() => readCursor(cursor, isPair)).toThrow(
    expect.objectContaining({ name: 'RequestError', code: 'invalid-cursor' }),
  );
});
