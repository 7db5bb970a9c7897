import { Comparisons } from './comparisons.ts';
import { compile, compilePart, holds, memberOf, partHolds } from './filter.ts';
import { MISSING, isObject } from './values.ts';

/** A condition that does not hold. */
export interface Mismatch {
  /** A JSON Pointer into the data (RFC 6901). */
  path: string;
  /** `$eq` for a value that stands alone. */
  operator: string;
  /** JSON text. */
  expected: string;
  /** JSON text; undefined: there is nothing. */
  found: string | undefined;
}

/**
 * The first condition, in the order of the filter, that does not hold for an event's data; undefined: all hold.
 * @param filter one that is accepted, as exact JSON
 * @param data exact JSON
 */
export function explainMismatch(filter: object, data: unknown): Mismatch | undefined {
  return mismatchOf(filter, data, '');
}

function mismatchOf(written: unknown, value: unknown, path: string): Mismatch | undefined {
  if (holds(compile(written), value, unbounded())) return undefined;
  return (isObject(written) ? mismatchIn(written, value, path) : undefined) ?? mismatch(path, '$eq', written, value);
}

/** Undefined where no single member says why: fields of what is no object, or of the items of a list. */
function mismatchIn(written: object, value: unknown, path: string): Mismatch | undefined {
  for (const [name, operand] of Object.entries(written)) {
    const found = mismatchOfMember(name, operand, value, path);
    if (found) return found;
  }
  return undefined;
}

function mismatchOfMember(name: string, operand: unknown, value: unknown, path: string): Mismatch | undefined {
  if (name === '$and') {
    return (operand as unknown[]).map((one) => mismatchOf(one, value, path)).find((found) => found !== undefined);
  }
  if (name.startsWith('$')) {
    const isMet = partHolds(compilePart(name, operand), value, unbounded());
    return isMet ? undefined : mismatch(path, name, operand, value);
  }
  if (!isObject(value)) return undefined;
  return mismatchOf(operand, memberOf(value, name), `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function mismatch(path: string, operator: string, operand: unknown, value: unknown): Mismatch {
  return {
    path,
    operator,
    expected: JSON.stringify(operand),
    found: value === MISSING ? undefined : JSON.stringify(value),
  };
}

/** One filter takes a bounded number for any event. */
function unbounded(): Comparisons {
  return new Comparisons(Number.POSITIVE_INFINITY);
}
