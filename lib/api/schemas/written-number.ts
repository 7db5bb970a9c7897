import * as z from 'zod';

/**
 * A whole number in a query or a path, where every value is a text: written in digits, so that `0x10`, `1e1` and ` 5 ` are
 * refused, as a body refuses them.
 */
export function writtenNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const read = (value: unknown) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value);
  return z.preprocess(read, z.int().min(min).max(max));
}
