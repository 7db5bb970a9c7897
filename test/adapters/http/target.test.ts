import { expect, it } from 'vitest';

import { bytesOf, targetOf } from '../../../lib/adapters/http/target.ts';
import { requestTo } from '../../contract/http-sender.contract.ts';

const URL_TEXT = 'http://127.0.0.1:1/hook';

it.each([[1], [1000], [256 * 1024]])('a request with a body of %i bytes is its head, and then its body', (length) => {
  const body = new Uint8Array(length).fill(0x61);
  const text = Buffer.concat(bytesOf(targetOf(new URL(URL_TEXT)), requestTo(URL_TEXT, { body }))).toString();
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('a'.repeat(length));
  expect(text).toContain(`content-length: ${length}\r\n`);
});

it('the requests of an event share its body when that is large', () => {
  const body = new Uint8Array(256 * 1024);
  expect(bytesOf(targetOf(new URL(URL_TEXT)), requestTo(URL_TEXT, { body }))).toContain(body);
});
