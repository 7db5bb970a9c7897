import type { KMSClient } from '@aws-sdk/client-kms';
import { IV_BYTES, isCanonicalBase64url, isSealed, open, seal, unreadable } from '../../domain/aes-gcm.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { DataKeys } from './data-keys.ts';

export interface KmsSecretBoxOptions {
  /** From `createKmsClient`, once per process. */
  client: KMSClient;
  /** The id, ARN or alias ARN of a symmetric KMS key. */
  keyId: string;
  clock: Clock;
  random: Random;
}

const VERSION = 'k1';

/**
 * Seals with AES-256-GCM under a data key that KMS wraps. A sealed text is `k1.`, the base64url of the wrapped data key,
 * `.`, and the base64url of IV, ciphertext and tag. Both methods throw a ServiceFault when KMS fails.
 */
export function createKmsSecretBox({ client, keyId, clock, random }: KmsSecretBoxOptions): SecretBox {
  const keys = new DataKeys(client, keyId, clock);
  return {
    async seal(plaintext, context) {
      const { plain, wrapped } = await keys.forSealing();
      return `${VERSION}.${wrapped}.${seal(plain, random.bytes(IV_BYTES), plaintext, context)}`;
    },
    async open(sealed, context) {
      const { wrapped, text } = parse(sealed);
      return open(await keys.unwrap(wrapped), text, context);
    },
  };
}

/** Refuses a text of another format before KMS is asked. */
function parse(sealed: string): { wrapped: string; text: string } {
  const [version, wrapped = '', text = '', ...rest] = sealed.split('.');
  const isKnown = version === VERSION && wrapped.length > 0 && rest.length === 0;
  if (isKnown && isCanonicalBase64url(wrapped) && isSealed(text)) return { wrapped, text };
  throw unreadable();
}
