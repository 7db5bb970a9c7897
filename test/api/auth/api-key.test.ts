import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { API_KEY_PATTERN, isMistyped, newApiKey, shownPrefix } from '../../../lib/api/auth/api-key.ts';

const randomness = fc.uint8Array({ minLength: 32, maxLength: 32 });
const keys = fc
  .tuple(randomness, fc.constantFrom('prk_', 'prs_', 'prc_'))
  .map(([bytes, prefix]) => newApiKey(bytes, prefix));

it('every key has the documented form, and its checksum is right', () => {
  const documented = /`(pr\[kcs\]_\[[^`]+)`/.exec(readFileSync('docs/api-keys.md', 'utf8'))?.[1];
  expect(`^${documented}$`).toBe(API_KEY_PATTERN.source);
  fc.assert(fc.property(keys, (key) => API_KEY_PATTERN.test(key) && !isMistyped(key)));
});

it('two different randomnesses make two different keys', () => {
  const two = fc.tuple(randomness, randomness).filter(([a, b]) => Buffer.compare(a, b) !== 0);
  fc.assert(fc.property(two, ([a, b]) => newApiKey(a) !== newApiKey(b)));
  const [zeros, ones] = [new Uint8Array(32), new Uint8Array(32).fill(255)].map((bytes) => newApiKey(bytes));
  expect([zeros?.length, ones?.length]).toEqual([53, 53]);
});

it('any one mistyped character is found', () => {
  const mistyped = fc.tuple(keys, fc.integer({ min: 4, max: 52 }), fc.constantFrom(...'0aZ'));
  fc.assert(
    fc.property(mistyped, ([key, at, character]) => {
      const other = key.slice(0, at) + character + key.slice(at + 1);
      return other === key || isMistyped(other);
    }),
  );
});

it('is the checksum that the docs describe: CRC-32 in six digits of base 62', () => {
  // Reckoned by Python's zlib.crc32, digit by digit.
  expect(newApiKey(new Uint8Array(32))).toBe(`prk_${'0'.repeat(43)}2htIMu`);
});

it('a key of another form is not mistyped: it is looked up', () => {
  for (const key of ['prk_short', `prk_${'a'.repeat(43)}`, `prk_${'-'.repeat(49)}`])
    expect(isMistyped(key)).toBe(false);
});

it('shows no more than 48 bits of a key', () => {
  fc.assert(fc.property(keys, (key) => shownPrefix(key).length === 12 && key.startsWith(shownPrefix(key))));
});
