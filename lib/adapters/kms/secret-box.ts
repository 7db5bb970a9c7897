import { IV_BYTES, isCanonicalBase64url, isSealed, open, seal, unreadable } from '../../domain/aes-gcm.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { DataKeys, type DataKeysOptions } from './data-keys.ts';

export interface KmsSecretBoxOptions extends DataKeysOptions {
  random: Random;
}

const VERSION = 'k1';

/**
 * Seals with AES-256-GCM under a data key that KMS wraps. A sealed text is `k1.`, the base64url of the wrapped data key,
 * `.`, and the base64url of IV, ciphertext and tag. Both methods throw a ServiceFault when KMS fails; `seal` also when the
 * store of data keys does.
 */
export function createKmsSecretBox({ random, ...options }: KmsSecretBoxOptions): SecretBox {
  const keys = new DataKeys(options);
  const box: SecretBox = {
    async seal(plaintext, context) {
      const { plain, wrapped } = await keys.forSealing();
      return `${VERSION}.${wrapped}.${seal(plain, random.bytes(IV_BYTES), plaintext, context)}`;
    },
    async open(sealed, context) {
      const { wrapped, text } = parse(sealed);
      return open(await keys.unwrap(wrapped), text, context);
    },
    async reseal(sealed, context) {
      const { wrapped } = await keys.forSealing();
      if (parse(sealed).wrapped === wrapped) return undefined;
      return box.seal(await box.open(sealed, context), context);
    },
  };
  return box;
}

/** Refuses a text of another format before KMS is asked. */
function parse(sealed: string): { wrapped: string; text: string } {
  const [version, wrapped = '', text = '', ...rest] = sealed.split('.');
  const isKnown = version === VERSION && wrapped.length > 0 && rest.length === 0;
  if (isKnown && isCanonicalBase64url(wrapped) && isSealed(text)) return { wrapped, text };
  throw unreadable();
}
