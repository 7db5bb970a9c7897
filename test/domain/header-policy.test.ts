import { describe, expect, it } from 'vitest';

import { checkHeaders, framingHeader, reservedHeader } from '../../lib/domain/header-policy.ts';

/** What a platform's dialect might reserve. */
const RESERVED = ['webhook-*', 'acme-signature'];

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
    expect(reservedHeader(name, [])).toBe(true);
  });

  it.each([['Content-Type'], ['X-Postrider-Attempt']])('a tenant cannot set %s, but a dialect can', (name) => {
    expect(reservedHeader(name, [])).toBe(true);
    expect(framingHeader(name)).toBe(false);
  });

  it.each([['webhook-id'], ['Webhook-Signature'], ['webhook-'], ['Acme-Signature']])(
    'a tenant cannot set %s where a dialect reserves it',
    (name) => {
      expect(reservedHeader(name, RESERVED)).toBe(true);
      expect(reservedHeader(name, [])).toBe(false);
      expect(checkHeaders({ [name]: 'x' }, RESERVED)).toBe(`Take the header ${name} out: it is set for you.`);
    },
  );

  it('leaves all other headers to the tenant', () => {
    const names = ['authorization', 'x-api-key', 'user-agent', 'x-webhook-source', 'hostname', 'content-language'];
    const lookalikes = ['webhook', 'x-webhook-id', 'acme-signature-2', 'x-acme-signature'];
    expect([...names, ...lookalikes].filter((name) => reservedHeader(name, RESERVED))).toEqual([]);
  });

  it('allows ordinary headers', () => {
    const headers = { Authorization: 'Bearer abc', 'x-api-key': 'a b~!', 'x-empty': '' };
    expect(checkHeaders(headers, RESERVED)).toBeUndefined();
    expect(checkHeaders({}, RESERVED)).toBeUndefined();
  });

  it('says what is wrong with the others', () => {
    expect(checkHeaders({ Host: 'x' }, RESERVED)).toBe('Take the header Host out: it is set for you.');
    for (const name of ['', 'a b', 'a:b', 'ü', 'a\r\nb', 'x'.repeat(101)]) {
      expect(checkHeaders({ [name]: 'x' }, RESERVED)).toBe(
        'Name headers with at most 100 letters, digits and hyphens.',
      );
    }
    for (const value of ['a\r\nx-b: c', 'a\n', 'ü', 'a\tb', '\u0000', ' a', 'a ']) {
      expect(checkHeaders({ 'x-a': value }, RESERVED)).toBe(
        'Use printable ASCII in the header x-a, without spaces around it.',
      );
    }
    expect(checkHeaders({ 'x-a': 'b'.repeat(1024) }, RESERVED)).toBeUndefined();
    expect(checkHeaders({ 'x-a': 'b'.repeat(1025) }, RESERVED)).toBe(
      'Shorten the header x-a to at most 1,024 characters.',
    );
    expect(checkHeaders({ 'x-a': '1', 'X-A': '2' }, RESERVED)).toBe(
      'Give the header X-A once; upper and lower case are the same.',
    );
  });

  it('allows 20 headers and no more', () => {
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'y']));
    expect(checkHeaders(headers(20), RESERVED)).toBeUndefined();
    expect(checkHeaders(headers(21), RESERVED)).toBe('Give at most 20 headers.');
  });
});
