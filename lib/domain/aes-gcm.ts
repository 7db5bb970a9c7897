import { type KeyObject, createCipheriv, createDecipheriv } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Bytes of the random initialization vector; never reuse one under the same key (NIST SP 800-38D, 8.2). */
export const IV_BYTES = 12;

/**
 * Encrypts and authenticates with AES-256-GCM.
 * @param key a secret of 32 bytes: Node works on a KeyObject several times as fast as on the bytes, which it checks anew
 *   each time
 * @param iv {@link IV_BYTES} random bytes
 * @param context authenticated, but not encrypted: the text opens with the same context only
 * @returns the base64url of IV, ciphertext and tag
 */
export function seal(key: KeyObject, iv: Uint8Array, plaintext: string, context: string): string {
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64url');
}

/**
 * The reverse of {@link seal}.
 * @throws Error for another key or context, and for a text that was changed in any way
 */
export function open(key: KeyObject, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  if (!isWhole(bytes, sealed)) throw unreadable();
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    const why = 'it was sealed with another key or for another context, or it was changed';
    throw new Error(`This secret can't be opened: ${why}.`, { cause });
  }
}

/** Whether a text can be what {@link seal} returned. */
export function isSealed(text: string): boolean {
  return isWhole(Buffer.from(text, 'base64url'), text);
}

function isWhole(bytes: Buffer, text: string): boolean {
  return bytes.length >= IV_BYTES + TAG_BYTES && bytes.toString('base64url') === text;
}

/** The only spelling of its bytes: the last character of another one has bits that decode to nothing. */
export function isCanonicalBase64url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

/** For a text whose format is wrong. */
export function unreadable(): Error {
  return new Error("This secret can't be opened: this version does not know its format.");
}
