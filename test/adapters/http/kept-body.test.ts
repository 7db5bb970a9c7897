import { expect, it } from 'vitest';

import { KeptBody } from '../../../lib/adapters/http/kept-body.ts';

it('the rest of a body is waited for up to 64 KiB beyond what is kept', () => {
  const body = new KeptBody(10);
  body.take(Buffer.alloc(10));
  expect(body).toMatchObject({ isFull: true, isTooMuch: false });
  body.take(Buffer.alloc(64 * 1024));
  expect(body.isTooMuch).toBe(false);
  body.take(Buffer.alloc(1));
  expect(body.isTooMuch).toBe(true);
});

it('and up to 64 pieces, which those that are kept do not count among', () => {
  const body = new KeptBody(100);
  for (let n = 0; n < 100; n += 1) body.take(Buffer.alloc(1));
  for (let n = 0; n < 64; n += 1) body.take(Buffer.alloc(1));
  expect(body.isTooMuch).toBe(false);
  body.take(Buffer.alloc(1));
  expect(body.isTooMuch).toBe(true);
});

it('what is kept is a copy, of no more than the limit', () => {
  const body = new KeptBody(3);
  const piece = Buffer.from('abcdef');
  body.take(piece);
  const kept = body.bytes();
  piece.fill('x');
  expect(Buffer.from(kept).toString()).toBe('abc');
});
