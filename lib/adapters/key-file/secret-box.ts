import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SECRETS_LABEL = 'postrider/secrets/v1';
const API_KEY_LABEL = 'postrider/api-key/v1';

/**
 * Seals with AES-256-GCM under a key derived from the key file's (HKDF, RFC 5869); the context is authenticated with
 * it. A sealed text is `v1.` and the base64url of IV, ciphertext and tag.
 */
export function createSecretBox(key: Uint8Array, random: Random): SecretBox {
  const secretsKey = new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), SECRETS_LABEL, KEY_BYTES));
  return {
    async seal(plaintext, context) {
      const iv = random.bytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, secretsKey, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${sealed.toString('base64url')}`;
    },
    async open(sealed, context) {
      const bytes = bytesOf(sealed);
      const decipher = createDecipheriv(CIPHER, secretsKey, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new Error('A secret does not open: another key or context sealed it, or it was changed.', { cause });
      }
    },
  };
}

function bytesOf(sealed: string): Buffer {
  const [version, text, ...rest] = sealed.split('.');
  const bytes = Buffer.from(text ?? '', 'base64url');
  if (version === VERSION && rest.length === 0 && bytes.length >= IV_BYTES + TAG_BYTES) return bytes;
  throw new Error('A secret does not open: its text is not one that this version seals.');
}

/** The platform key of an embedded service: always the same for one key file, so that it need not be stored. */
export function deriveApiKey(key: Uint8Array): string {
  return `prk_${createHmac('sha256', key).update(API_KEY_LABEL).digest('base64url')}`;
}
