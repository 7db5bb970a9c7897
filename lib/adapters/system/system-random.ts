import { randomFillSync } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

/** A fraction takes 48 bits, the most that `readUIntBE` reads. */
const FRACTION_BYTES = 6;
/** More are a key, an initialization vector or a token: they are drawn for themselves, and lie nowhere before. */
const MOST_FROM_POOL = 8;
const pool = Buffer.alloc(4096);
let used = pool.length;

/** The operating system's randomness, drawn by the page: a call for each few bytes would be slow. */
export const systemRandom: Random = {
  fraction: () => pool.readUIntBE(take(FRACTION_BYTES), FRACTION_BYTES) / 2 ** (8 * FRACTION_BYTES),
  bytes(count) {
    const bytes = new Uint8Array(count);
    if (count > MOST_FROM_POOL) return randomFillSync(bytes);
    const start = take(count);
    bytes.set(pool.subarray(start, start + count));
    return bytes;
  },
};

/** @returns where bytes begin that nobody has been given */
function take(count: number): number {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return used - count;
}
