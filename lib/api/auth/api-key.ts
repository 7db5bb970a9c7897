import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Of an API key, of the token of a session, and of its one-use code. */
export type CredentialPrefix = 'prk_' | 'prs_' | 'prc_';

const BEARER = /^Bearer +(pr[kcs]_[\x21-\x7e]{1,256})$/i;
const ALONE = /^(pr[kcs]_[\x21-\x7e]{1,256})$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Base 62 digits that hold 256 bits. */
const SECRET_DIGITS = 43;
/** Base 62 digits that hold 32 bits. */
const CHECKSUM_DIGITS = 6;
/** `prk_` and the first digits: enough to recognize a key, far too little to guess it. */
const SHOWN_LENGTH = 12;

/** Bytes of randomness in a key: guessing one is out of the question, so a plain hash at rest is enough. */
export const API_KEY_BYTES = 32;

/** Every key that {@link newApiKey} makes, for scanners of leaks; the last six digits are a checksum (docs/api-keys.md). */
export const API_KEY_PATTERN = /^pr[kcs]_[0-9A-Za-z]{49}$/;

/**
 * A key: its prefix, 43 base 62 digits of randomness, and 6 base 62 digits of the CRC-32 of all before them.
 * @param randomness {@link API_KEY_BYTES} bytes
 */
export function newApiKey(randomness: Uint8Array, prefix: CredentialPrefix = 'prk_'): string {
  const secret = `${prefix}${base62(BigInt(`0x${Buffer.from(randomness).toString('hex')}`), SECRET_DIGITS)}`;
  return secret + checksumOf(secret);
}

/** Has a text the form of a key of ours, but a wrong checksum? Such a text is mistyped or made up. */
export function isMistyped(key: string): boolean {
  return API_KEY_PATTERN.test(key) && checksumOf(key.slice(0, -CHECKSUM_DIGITS)) !== key.slice(-CHECKSUM_DIGITS);
}

/** What of a key may be stored and shown. */
export function shownPrefix(key: string): string {
  return key.slice(0, SHOWN_LENGTH);
}

/** The credential in an `Authorization` header; undefined when it holds none. */
export function bearerKey(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

/** The credential in a header that holds nothing else; undefined when it holds none. */
export function plainKey(header: string | undefined): string | undefined {
  return ALONE.exec(header ?? '')?.[1];
}

/** How keys, codes and tokens are stored: lower-case hex SHA-256 of the whole text, its prefix included. */
export function hashApiKey(secret: string): string {
  return hash('sha256', secret, 'hex');
}

function checksumOf(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text;
}
