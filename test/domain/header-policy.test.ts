import { describe, expect, it } from 'vitest';

import { checkHeaders, framingHeader, reservedHeader } from '../../lib/domain/header-policy.ts';

const FRAMING = [
  'Host',
  'connection',
  'Content-Length',
  'transfer-encoding',
  'TE',
  'trailer',
  'upgrade',
  'keep-alive',
  'expect',
  'content-encoding',
  'accept-encoding',
  'Proxy-Authorization',
  'proxy-connection',
];

describe('header policy', () => {
  it.each(FRAMING.map((name) => [name]))('%s is the sender’s alone', (name) => {
    expect(framingHeader(name)).toBe(true);
    expect(reservedHeader(name)).toBe(true);
  });

  it.each([['Content-Type'], ['webhook-id'], ['Webhook-Signature'], ['X-Postrider-Attempt']])(
    'a tenant cannot set %s, but a dialect can',
    (name) => {
      expect(reservedHeader(name)).toBe(true);
      expect(framingHeader(name)).toBe(false);
    },
  );

  it('leaves all other headers to the tenant', () => {
    const names = ['authorization', 'x-api-key', 'user-agent', 'x-webhook-source', 'hostname', 'content-language'];
    expect(names.filter(reservedHeader)).toEqual([]);
  });

  it('allows ordinary headers', () => {
    const headers = { Authorization: 'Bearer abc', 'x-api-key': 'a b~!', 'x-empty': '' };
    expect(checkHeaders(headers)).toBeUndefined();
    expect(checkHeaders({})).toBeUndefined();
  });

  it('says what is wrong with the others', () => {
    expect(checkHeaders({ Host: 'x' })).toBe('Take the header Host out: it is set for you.');
    for (const name of ['', 'a b', 'a:b', 'ü', 'a\r\nb', 'x'.repeat(101)]) {
      expect(checkHeaders({ [name]: 'x' })).toBe('Name headers with at most 100 letters, digits and hyphens.');
    }
    for (const value of ['a\r\nx-b: c', 'a\n', 'ü', 'a\tb', '\u0000', ' a', 'a ']) {
      expect(checkHeaders({ 'x-a': value })).toBe('Use printable ASCII in the header x-a, without spaces around it.');
    }
    expect(checkHeaders({ 'x-a': 'b'.repeat(1024) })).toBeUndefined();
    expect(checkHeaders({ 'x-a': 'b'.repeat(1025) })).toBe('Shorten the header x-a to at most 1,024 characters.');
    expect(checkHeaders({ 'x-a': '1', 'X-A': '2' })).toBe(
      'Give the header X-A once; upper and lower case are the same.',
    );
  });

  it('allows 20 headers and no more', () => {
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'y']));
    expect(checkHeaders(headers(20))).toBeUndefined();
    expect(checkHeaders(headers(21))).toBe('Give at most 20 headers.');
  });
});
