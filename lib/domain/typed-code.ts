import { createHash } from 'node:crypto';

// A code that people type or paste once: a recovery code, or one that came by mail.

/** Bytes of a code: it can't be guessed, so a plain hash is enough. */
export const TYPED_CODE_BYTES = 10;

/** 32 letters and digits, none of which looks like another (Crockford's base 32). */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A code as people keep it: `k7pm-…`, 16 letters and digits. @param randomness {@link TYPED_CODE_BYTES} bytes */
export function typedCode(randomness: Uint8Array): string {
  let bits = '';
  for (const byte of randomness) bits += byte.toString(2).padStart(8, '0');
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]);
  return letters.join('').replaceAll(/.{4}(?=.)/g, '$&-');
}

/** Lower-case hex SHA-256, whatever case, spaces or hyphens it is typed with. */
export function hashTypedCode(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest('hex');
}
