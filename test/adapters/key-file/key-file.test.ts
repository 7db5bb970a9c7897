import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openKeyFile } from '../../../lib/adapters/key-file/key-file.ts';
import { createSecretBox, deriveApiKey } from '../../../lib/adapters/key-file/secret-box.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('key file', () => {
  test('is made with 32 random bytes, for its owner alone, and leaves no draft behind', () => {
    const folder = newFolder();
    const path = join(folder, 'key');
    const key = openKeyFile(path);
    expect(key).toHaveLength(32);
    expect(readFileSync(path, 'utf8')).toBe(`${Buffer.from(key).toString('base64')}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
    expect(openKeyFile(join(newFolder(), 'key'))).not.toEqual(key);
  });

  test('is read again and never replaced', () => {
    const path = join(newFolder(), 'key');
    const key = openKeyFile(path);
    const text = readFileSync(path, 'utf8');
    expect(openKeyFile(path)).toEqual(key);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each(['', 'c2hvcnQ=', 'not base64 at all!', `${'A'.repeat(88)}`])(
    'a file that holds no key (%j) is refused and left',
    (text) => {
      const path = join(newFolder(), 'key');
      writeFileSync(path, text, { mode: 0o600 });
      expect(() => openKeyFile(path)).toThrow(/32 bytes/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  test.each(['640', '604', '644'])('a file of mode %s, which others can read, is refused with the remedy', (mode) => {
    const path = join(newFolder(), 'key');
    openKeyFile(path);
    chmodSync(path, Number.parseInt(mode, 8));
    expect(() => openKeyFile(path)).toThrow(`chmod 600 ${path}`);
  });

  test('a folder that is not there is an error, not a key that is lost at the next start', () => {
    const path = join(newFolder(), 'missing', 'key');
    expect(() => openKeyFile(path)).toThrow(/ENOENT/);
    expect(existsSync(path)).toBe(false);
  });
});

describe('what is derived from the key', () => {
  test('the API key is the same for one key and another for another', () => {
    const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(deriveApiKey(one)).toMatch(/^prk_[A-Za-z0-9_-]{43}$/);
    expect(deriveApiKey(one)).toBe(deriveApiKey(one));
    expect(deriveApiKey(other)).not.toBe(deriveApiKey(one));
  });

  test('a text that was sealed once opens for ever', async () => {
    const box = createSecretBox(new Uint8Array(32).fill(7), new SeededRandom(1));
    expect(await box.open(SEALED_BY_VERSION_1, 'tenant/ep_1')).toBe('whsec_kept');
  });
});

/** Under a key of 32 sevens. */
const SEALED_BY_VERSION_1 = 'v1.lhKXeVnN-FobunsUStaWwyord6WOc_C33VThKQIdnwSh5w0SpvI';
