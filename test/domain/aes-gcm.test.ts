import { createCipheriv, createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { IV_BYTES, isSealed, open, seal } from '../../lib/domain/aes-gcm.ts';

const key = createSecretKey(new Uint8Array(32).fill(7));
const iv = new Uint8Array(IV_BYTES).fill(1);

test('what was sealed opens with the same key and context', () => {
  expect(open(key, seal(key, iv, 'whsec_ü', 'tenant/ep_1'), 'tenant/ep_1')).toBe('whsec_ü');
});

test('a sealed text is IV, ciphertext and tag, so that other implementations can open it', () => {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from('context'));
  const expected = Buffer.concat([iv, cipher.update('secret'), cipher.final(), cipher.getAuthTag()]);
  expect(seal(key, iv, 'secret', 'context')).toBe(expected.toString('base64url'));
});

test.each([
  ['another key', createSecretKey(new Uint8Array(32)), 'context', (text: string) => text],
  ['another context', key, 'other', (text: string) => text],
  ['another first byte', key, 'context', (text: string) => `B${text.slice(1)}`],
  ['another spelling of the same bytes', key, 'context', (text: string) => `${text}=`],
  ['a cut text', key, 'context', (text: string) => text.slice(0, 20)],
  ['no text', key, 'context', () => ''],
])('%s opens nothing', (_, otherKey, context, change) => {
  const sealed = seal(key, iv, 'secret', 'context');
  expect(() => open(otherKey, change(sealed), context)).toThrow("This secret can't be opened");
});

test('a text of too few bytes for IV and tag is known as no sealed one without a key', () => {
  expect(isSealed(seal(key, iv, '', 'context'))).toBe(true);
  expect(isSealed('AAAA')).toBe(false);
});
