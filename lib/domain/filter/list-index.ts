import type { Comparisons } from './comparisons.ts';
import { asDouble, isNumber, numberKey } from './numbers.ts';

/** The single values in a list, and in the lists in it. */
interface ListIndex {
  values: Set<unknown>;
  /** Those that are no doubles, by `numberKey`. */
  numbers: Set<string>;
}

/** A list of an event is searched by thousands of filters. */
const indexes = new WeakMap<readonly unknown[], ListIndex>();

/** Is one of the items of a list, or of a list in it, this single value? */
export function listHas(list: readonly unknown[], value: unknown, comparisons: Comparisons): boolean {
  comparisons.take(1);
  const { values, numbers } = indexOf(list, comparisons);
  if (!isNumber(value)) return values.has(value);
  const double = asDouble(value);
  return double === undefined ? numbers.has(numberKey(value)) : values.has(double);
}

function indexOf(list: readonly unknown[], comparisons: Comparisons): ListIndex {
  const known = indexes.get(list);
  if (known) return known;
  const index: ListIndex = { values: new Set(), numbers: new Set() };
  add(list, index, comparisons);
  indexes.set(list, index);
  return index;
}

function add(list: readonly unknown[], index: ListIndex, comparisons: Comparisons): void {
  comparisons.take(list.length);
  for (const item of list) {
    if (Array.isArray(item)) add(item, index, comparisons);
    else if (!isNumber(item)) index.values.add(item);
    else {
      const double = asDouble(item);
      if (double === undefined) index.numbers.add(numberKey(item));
      else index.values.add(double);
    }
  }
}
