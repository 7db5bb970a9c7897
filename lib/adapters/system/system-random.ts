import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

/** A fraction takes 48 bits, the most that `readUIntBE` reads. */
const FRACTION_BYTES = 6;
const pool = Buffer.alloc(FRACTION_BYTES * 512);
let used = pool.length;

/** The operating system's randomness. Fractions come from a pool, because one call per fraction would be slow. */
export const systemRandom: Random = {
  fraction() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += FRACTION_BYTES;
    return pool.readUIntBE(used - FRACTION_BYTES, FRACTION_BYTES) / 2 ** (8 * FRACTION_BYTES);
  },
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
