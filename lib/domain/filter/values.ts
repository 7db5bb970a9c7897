import { compareNumbers, isNumber } from './numbers.ts';

/** What a field has that is not there. */
export const MISSING = undefined;

export function isScalar(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && value !== MISSING) || isNumber(value);
}

/** With members. */
export function isObject(value: unknown): value is object {
  return !isScalar(value) && value !== MISSING && !Array.isArray(value);
}

export function isSameScalar(left: unknown, right: unknown): boolean {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  return left === right;
}
