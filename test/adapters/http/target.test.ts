import { expect, it } from 'vitest';

import { bytesOf, targetOf } from '../../../lib/adapters/http/target.ts';
import { requestTo } from '../../contract/http-sender.contract.ts';

it.each([
  ['http://hooks.example/', 'hooks.example', 80, 'hooks.example'],
  ['https://hooks.example/', 'hooks.example', 443, 'hooks.example'],
  ['https://hooks.example:8443/', 'hooks.example', 8443, 'hooks.example:8443'],
  ['https://[2001:db8::1]/', '2001:db8::1', 443, '[2001:db8::1]'],
])('%s goes to %s, port %i, and says so', (url, hostname, port, host) => {
  const target = targetOf(new URL(url));
  expect(target).toMatchObject({ hostname, port });
  expect(target.start).toContain(`\r\nhost: ${host}\r\n`);
});

it('a connection is shared only where scheme, host and port are the same', () => {
  const urls = ['https://a.example/', 'https://a.example:8443/', 'http://a.example/', 'https://b.example/'];
  expect(new Set(urls.map((url) => targetOf(new URL(url)).origin)).size).toBe(urls.length);
  expect(targetOf(new URL('https://a.example:443/x')).origin).toBe(targetOf(new URL('https://a.example/y')).origin);
});

it('a request names one user agent: the customer’s, or ours', () => {
  const url = 'https://hooks.example/';
  const agents = (headers: Record<string, string>) =>
    Buffer.concat(bytesOf(targetOf(new URL(url)), requestTo(url, { headers })))
      .toString()
      .match(/^user-agent: .*$/gim);
  expect(agents({})).toEqual(['user-agent: Postrider/1.0 (+webhooks)']);
  expect(agents({ 'User-Agent': 'Acme/2' })).toEqual(['User-Agent: Acme/2']);
});

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
