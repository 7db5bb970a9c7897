import type { Comparisons } from './comparisons.ts';
import { listHas } from './list-index.ts';
import { compareNumbers, isNumber } from './numbers.ts';
import { MISSING, isSameScalar, isScalar } from './values.ts';

/**
 * Does an operator hold for a value? One that does not fit the value's type does not hold, `$nin` included.
 * @param value of the event's data; MISSING where there is none
 * @param operand as the operator's check accepts it (filter-policy.ts)
 */
type Operator = (value: unknown, operand: unknown, comparisons: Comparisons) => boolean;

/** Those that compare a value, and nothing below it. */
export const COMPARISONS = {
  $eq: (value, operand, comparisons) => value !== MISSING && isEqual(value, operand, comparisons),
  $neq: (value, operand, comparisons) => value !== MISSING && !isEqual(value, operand, comparisons),
  $gt: (value, operand) => order(value, operand) > 0,
  $gte: (value, operand) => order(value, operand) >= 0,
  $lt: (value, operand) => order(value, operand) < 0,
  $lte: (value, operand) => order(value, operand) <= 0,
  $in: (value, operand, comparisons) => isIn(value, operand, comparisons) === true,
  $nin: (value, operand, comparisons) => isIn(value, operand, comparisons) === false,
  $exist: (value, operand) => (value !== MISSING) === operand,
  $startsWith: (value, operand, comparisons) =>
    isText(value) && textsOf(operand, comparisons).some((text) => value.startsWith(text)),
  $endsWith: (value, operand, comparisons) =>
    isText(value) && textsOf(operand, comparisons).some((text) => value.endsWith(text)),
} as const satisfies Record<string, Operator>;

export type ComparisonName = keyof typeof COMPARISONS;

/** Of two numbers, or of two texts by their UTF-16 code units; NaN for others, which is in no order to anything. */
function order(value: unknown, operand: unknown): number {
  if (isNumber(value) && isNumber(operand)) return compareNumbers(value, operand);
  if (!isText(value) || !isText(operand)) return Number.NaN;
  if (value === operand) return 0;
  return value < operand ? -1 : 1;
}

/** Undefined: the types do not fit. */
function isIn(value: unknown, operand: unknown, comparisons: Comparisons): boolean | undefined {
  if (Array.isArray(operand)) return isScalar(value) ? listHas(operand, value, comparisons) : undefined;
  if (Array.isArray(value)) return listHas(value, operand, comparisons);
  if (!isText(value) || !isText(operand)) return undefined;
  comparisons.take(Math.ceil(value.length / CHARACTERS_AT_ONCE));
  return value.includes(operand);
}

/** The longest text that is searched for: a longer one can take a search fifty times as long, at worst. */
export const MAX_SEARCHED = 250;
/** How many characters a search passes in the time of another comparison, at worst. */
const CHARACTERS_AT_ONCE = 4;

/** Lists by their items in order, objects by their members in any order, numbers by their decimal value. */
function isEqual(left: unknown, right: unknown, comparisons: Comparisons): boolean {
  comparisons.take(1);
  if (isScalar(left) || isScalar(right)) return isSameScalar(left, right);
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return right.every((item, index) => isEqual(left[index], item, comparisons));
  }
  const [members, wanted] = [left as Record<string, unknown>, Object.entries(right as object)];
  if (!wanted.every(([name, item]) => Object.hasOwn(members, name) && isEqual(members[name], item, comparisons))) {
    return false;
  }
  const { length } = Object.keys(members);
  comparisons.take(length);
  return length === wanted.length;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** How many texts a beginning or an end is compared with in the time of another comparison. */
const TEXTS_AT_ONCE = 16;

function textsOf(operand: unknown, comparisons: Comparisons): string[] {
  if (!Array.isArray(operand)) return [operand as string];
  comparisons.take(Math.ceil(operand.length / TEXTS_AT_ONCE));
  return operand as string[];
}
