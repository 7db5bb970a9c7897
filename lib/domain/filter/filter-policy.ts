import { COMPARISONS, type ComparisonName, MAX_SEARCHED } from './operators.ts';
import { isObject, isScalar } from './values.ts';

/** Of a filter as JSON text, in UTF-8. */
const MAX_BYTES = 2048;
/** Objects and lists in one another, the filter itself included. */
const MAX_DEPTH = 10;
/** Fields, operators, and the items of lists that are conditions. */
const MAX_CONDITIONS = 30;

/** What is wrong with a filter: where in it, and what to do, as the end of a sentence without its full stop. */
export interface FilterMistake {
  path: readonly (string | number)[];
  message: string;
}

const MEMBERS = `must be a list of single values, or one of them, a text of at most ${MAX_SEARCHED} characters`;

/** What each operator's operand has to be. */
const OPERANDS: Readonly<Record<ComparisonName, readonly [is: (operand: unknown) => boolean, must: string]>> = {
  $eq: [() => true, ''],
  $neq: [() => true, ''],
  $gt: [isOrdered, 'must be a number or a text'],
  $gte: [isOrdered, 'must be a number or a text'],
  $lt: [isOrdered, 'must be a number or a text'],
  $lte: [isOrdered, 'must be a number or a text'],
  $in: [isScalarOrScalars, MEMBERS],
  $nin: [isScalarOrScalars, MEMBERS],
  $exist: [(operand) => typeof operand === 'boolean', 'must be true or false'],
  $startsWith: [isTextOrTexts, 'must be a text or a list of texts'],
  $endsWith: [isTextOrTexts, 'must be a text or a list of texts'],
};

const OPERATORS = [...Object.keys(OPERANDS), '$and', '$or', '$not'];

class Mistake extends Error {
  readonly path: FilterMistake['path'];

  constructor(path: FilterMistake['path'], message: string) {
    super(message);
    this.path = path;
  }
}

/** Why a filter is not accepted: the first mistake in it; undefined when it is. `{}` is, and lets everything through. */
export function refuseFilter(filter: unknown): FilterMistake | undefined {
  if (!isObject(filter)) return { path: [], message: 'must be an object' };
  if (Buffer.byteLength(JSON.stringify(filter)) > MAX_BYTES) {
    return { path: [], message: `must be at most ${MAX_BYTES} bytes of JSON` };
  }
  try {
    if (Object.keys(filter).length > 0) new Survey().condition(filter, []);
    return undefined;
  } catch (error) {
    if (error instanceof Mistake) return { path: error.path, message: error.message };
    throw error;
  }
}

/** Walks over a filter. */
class Survey {
  #conditions = 0;

  condition(written: unknown, path: FilterMistake['path']): void {
    this.#count(path);
    if (isScalar(written)) return;
    if (path.length >= MAX_DEPTH) throw new Mistake(path, `is nested more than ${MAX_DEPTH} levels deep`);
    if (Array.isArray(written)) return this.#each(written, path);
    const members = Object.entries(written as object);
    if (members.length === 0) throw new Mistake(path, 'must have a field or an operator');
    for (const [name, operand] of members) {
      const place = [...path, name];
      if (name.startsWith('$')) this.#operator(name, operand, place);
      else this.condition(operand, place);
    }
  }

  #operator(name: string, operand: unknown, path: FilterMistake['path']): void {
    if (name === '$not') return this.condition(operand, path);
    if (name === '$and' || name === '$or') return this.#each(operand, path);
    this.#count(path);
    if (!Object.hasOwn(COMPARISONS, name)) {
      throw new Mistake(path, `is not an operator: use one of ${OPERATORS.join(', ')}`);
    }
    const [is, must] = OPERANDS[name as ComparisonName];
    if (!is(operand)) throw new Mistake(path, must);
  }

  #each(conditions: unknown, path: FilterMistake['path']): void {
    if (!Array.isArray(conditions) || conditions.length === 0) throw new Mistake(path, 'must be a list of conditions');
    conditions.forEach((one, index) => this.condition(one, [...path, index]));
  }

  #count(path: FilterMistake['path']): void {
    this.#conditions += 1;
    if (this.#conditions > MAX_CONDITIONS) throw new Mistake(path, `is one of more than ${MAX_CONDITIONS} conditions`);
  }
}

function isText(operand: unknown): boolean {
  return typeof operand === 'string';
}

function isOrdered(operand: unknown): boolean {
  return isText(operand) || (isScalar(operand) && operand !== null && typeof operand !== 'boolean');
}

function isScalarOrScalars(operand: unknown): boolean {
  if (Array.isArray(operand)) return operand.length > 0 && operand.every(isScalar);
  return typeof operand === 'string' ? operand.length <= MAX_SEARCHED : isScalar(operand);
}

function isTextOrTexts(operand: unknown): boolean {
  return isText(operand) || (Array.isArray(operand) && operand.length > 0 && operand.every(isText));
}
