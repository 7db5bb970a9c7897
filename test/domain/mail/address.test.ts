import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ADDRESS, readMailAddress } from '../../../lib/domain/mail/address.ts';

describe('the address of a mail', () => {
  test.each([
    ['ops@example.com', 'ops@example.com'],
    ["o'brien+hooks@mail.example.co.uk", "o'brien+hooks@mail.example.co.uk"],
    ['Ops@EXAMPLE.com', 'Ops@example.com'],
    ['ops@müller.example', 'ops@xn--mller-kva.example'],
    ['ops@例え.テスト', 'ops@xn--r8jz45g.xn--zckzah'],
  ])('%s is read as %s', (text, address) => {
    expect(readMailAddress(text)).toBe(address);
  });

  test.each([
    '',
    'ops',
    '@example.com',
    'ops@',
    'ops@localhost',
    'ops@127.0.0.1',
    'ops@[127.0.0.1]',
    'ops@0x7f.1',
    'ops@example.com.',
    '.ops@example.com',
    'ops.@example.com',
    'o..ps@example.com',
    'ops@-example.com',
    'ops@exam ple.com',
    'ops@example.com:25',
    'ops@example.com/x',
    'ops@example.com?x',
    'a@b@example.com',
    'Ops <ops@example.com>',
    '<ops@example.com>',
    'ops@example.com, other@example.com',
    'ops@example.com;other@example.com',
    'other@example.com,ops@example.com',
    'ops@example.com\r\nBcc: other@example.com',
    'ops@example.com\n',
    '\r\nops@example.com',
    'ops\u0000@example.com',
    'ops (comment)@example.com',
    '"o ps"@example.com',
    'öps@example.com',
    'ops@example%2ecom',
    'ops@exa\u200Bmple',
  ])('%j is none', (text) => {
    expect(readMailAddress(text)).toBeUndefined();
  });

  test('it has at most 254 characters, and 64 of them before the @', () => {
    const domain = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(61)}.com`;
    const longest = `${'x'.repeat(MAX_ADDRESS - 1 - domain.length)}@${domain}`;
    expect(longest).toHaveLength(MAX_ADDRESS);
    expect(readMailAddress(longest)).toBe(longest);
    expect(readMailAddress(`x${longest}`)).toBeUndefined();
    expect(readMailAddress(`${'x'.repeat(64)}@example.com`)).toBeDefined();
    expect(readMailAddress(`${'x'.repeat(65)}@example.com`)).toBeUndefined();
    expect(readMailAddress(`ops@${'ü'.repeat(60)}.example`)).toBeUndefined();
    expect(readMailAddress(`${'x'.repeat(300)}@example.com`)).toBeUndefined();
  });

  test('whatever is read is one printable ASCII address, and is read as itself', () => {
    const texts = fc
      .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
      .map((parts) => parts.join('@'));
    fc.assert(
      fc.property(fc.oneof(texts, fc.emailAddress()), (text) => {
        const address = readMailAddress(text);
        if (address === undefined) return;
        expect(address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
        expect(address).not.toMatch(/[\s<>,;:"()[\]\\]/);
        expect(readMailAddress(address)).toBe(address);
      }),
      { numRuns: 500 },
    );
  });
});
