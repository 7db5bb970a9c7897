import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { DataKeys } from './data-keys.ts';

export interface KmsSecretBoxOptions {
  /** From `createKmsClient`: made once a process. */
  client: KMSClient;
  /** The id, ARN or alias ARN of a symmetric KMS key. */
  keyId: string;
  clock: Clock;
  random: Random;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 'k1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with AES-256-GCM under a data key that KMS wraps; the context is authenticated with it. A sealed text is `k1.`,
 * the base64url of the wrapped data key, `.`, and that of IV, ciphertext and tag. It throws a ServiceFault when KMS fails.
 */
export function createKmsSecretBox({ client, keyId, clock, random }: KmsSecretBoxOptions): SecretBox {
  const keys = new DataKeys(client, keyId, clock);
  return {
    async seal(plaintext, context) {
      const { plain, wrapped } = await keys.forSealing();
      const iv = random.bytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, plain, iv).setAAD(Buffer.from(context));
      const bytes = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${wrapped}.${bytes.toString('base64url')}`;
    },
    async open(sealed, context) {
      const { wrapped, bytes } = parse(sealed);
      const plain = await keys.unwrap(wrapped);
      const decipher = createDecipheriv(CIPHER, plain, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new Error('A secret does not open: another key or context sealed it, or it was changed.', { cause });
      }
    },
  };
}

function parse(sealed: string): { wrapped: string; bytes: Buffer } {
  const [version, wrapped = '', text = '', ...rest] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  const isWhole = isCanonical(wrapped) && isCanonical(text) && bytes.length >= IV_BYTES + TAG_BYTES;
  if (version === VERSION && rest.length === 0 && wrapped.length > 0 && isWhole) return { wrapped, bytes };
  throw new Error('A secret does not open: its text is not one that this version seals.');
}

/** One text for the same bytes: the last character may have bits that say nothing. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}
