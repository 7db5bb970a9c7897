import { createHash } from 'node:crypto';
import { ulidOf } from './ids.ts';

// UUIDs for receivers that expect one where our ids are ULIDs. They follow from the id, so every attempt has the same.

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * An id's ULID as a UUID of version 7 (RFC 9562, 5.7): both begin with the same 48 bits of time. Six of the ULID's 80
 * random bits give way to the version and the variant.
 */
export function uuidOf(id: string): string {
  let value = 0n;
  for (const digit of ulidOf(id)) value = value * 32n + BigInt(DIGITS.indexOf(digit));
  return asUuid(value.toString(16).padStart(32, '0'), 7);
}

/** Another UUID that belongs to an id, of version 8 (RFC 9562, 5.8). @param purpose tells those of one id apart */
export function derivedUuid(id: string, purpose: string): string {
  return asUuid(
    createHash('sha256')
      .update(`${purpose}:${ulidOf(id)}`)
      .digest('hex'),
    8,
  );
}

/** @param hex at least 32 digits */
function asUuid(hex: string, version: number): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), version + hex.slice(13, 16), variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}
