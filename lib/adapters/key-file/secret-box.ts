import { type KeyObject, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { IV_BYTES, open, seal, unreadable } from '../../domain/aes-gcm.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { OpenedTexts } from './opened-texts.ts';

const VERSION = 'v1';
/** Each endpoint has one or two. Whoever can read this memory finds the key there, which opens all of them. */
const REMEMBERED_TEXTS = 1000;
const KEY_BYTES = 32;
const SECRETS_LABEL = 'postrider/secrets/v1';
const API_KEY_LABEL = 'postrider/api-key/v1';

/**
 * Seals with AES-256-GCM under a key that is derived from the key file's (HKDF, RFC 5869). A sealed text is `v1.` and
 * the base64url of IV, ciphertext and tag. What was opened is remembered: each request to an endpoint needs its secrets.
 */
export function createSecretBox(key: Uint8Array, random: Random): SecretBox {
  const secretsKey = createSecretKey(Buffer.from(hkdfSync('sha256', key, new Uint8Array(), SECRETS_LABEL, KEY_BYTES)));
  const opened = new OpenedTexts(REMEMBERED_TEXTS);
  return {
    async seal(plaintext, context) {
      return `${VERSION}.${seal(secretsKey, random.bytes(IV_BYTES), plaintext, context)}`;
    },
    async open(sealed, context) {
      return opened.textOf(sealed, context, () => openSealed(secretsKey, sealed, context));
    },
    // There is one key.
    reseal: async () => undefined,
  };
}

function openSealed(key: KeyObject, sealed: string, context: string): string {
  const [version, text = '', ...rest] = sealed.split('.');
  if (version !== VERSION || rest.length > 0) throw unreadable();
  return open(key, text, context);
}

/**
 * A key that belongs to the key file: the same at each call. The demo's signing secret is derived from it, and it was the
 * platform key of folders that have no file for one.
 */
export function deriveApiKey(key: Uint8Array): string {
  return `prk_${createHmac('sha256', key).update(API_KEY_LABEL).digest('base64url')}`;
}
