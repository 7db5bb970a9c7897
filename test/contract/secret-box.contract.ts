import { describe, expect, test } from 'vitest';
import type { SecretBox } from '../../lib/ports/secret-box.ts';
import { type Open, openForTest } from './opened.ts';

const SECRET = 'whsec_ünïcode ✓';
const CONTEXT = 'tenant/ep_1';

/**
 * @param open a box
 * @param openOther a box with another key
 */
export function describeSecretBox(name: string, open: Open<SecretBox>, openOther: Open<SecretBox>): void {
  describe(`${name}: secret box`, () => {
    test('opens what it sealed', async () => {
      const { port } = await openForTest(open);
      for (const secret of [SECRET, '', 'x'.repeat(300)]) {
        expect(await port.open(await port.seal(secret, CONTEXT), CONTEXT)).toBe(secret);
      }
    });

    test('the sealed text does not show the secret, and is another each time', async () => {
      const { port } = await openForTest(open);
      const [first, second] = [await port.seal(SECRET, CONTEXT), await port.seal(SECRET, CONTEXT)];
      expect(first).not.toContain(SECRET);
      expect(Buffer.from(first, 'base64url').includes(SECRET)).toBe(false);
      expect(first).not.toBe(second);
    });

    test('what is sealed with the newest key is not sealed again', async () => {
      const { port } = await openForTest(open);
      expect(await port.reseal(await port.seal(SECRET, CONTEXT), CONTEXT)).toBeUndefined();
    });

    test('does not open under another context, also after it was opened', async () => {
      const { port } = await openForTest(open);
      const sealed = await port.seal(SECRET, CONTEXT);
      expect(await port.open(sealed, CONTEXT)).toBe(SECRET);
      await expect(port.open(sealed, 'tenant/ep_2')).rejects.toThrow(Error);
    });

    test('does not open with another key', async () => {
      const { port } = await openForTest(open);
      const { port: other } = await openForTest(openOther);
      await expect(other.open(await port.seal(SECRET, CONTEXT), CONTEXT)).rejects.toThrow(Error);
    });

    test('does not open when any of its characters was changed, or when it was cut, also after it was opened', async () => {
      const { port } = await openForTest(open);
      const sealed = await port.seal(SECRET, CONTEXT);
      expect(await port.open(sealed, CONTEXT)).toBe(SECRET);
      for (let at = 0; at < sealed.length - 1; at += 1) {
        const other = sealed[at] === 'A' ? 'B' : 'A';
        const tampered = sealed.slice(0, at) + other + sealed.slice(at + 1);
        await expect(port.open(tampered, CONTEXT), `character ${at}`).rejects.toThrow(Error);
      }
      await expect(port.open(sealed.slice(0, -4), CONTEXT)).rejects.toThrow(Error);
      await expect(port.open('', CONTEXT)).rejects.toThrow(Error);
    });
  });
}
