import { asDouble, isNumber, numberKey } from './numbers.ts';
import type { Comparisons, ListIndex } from './comparisons.ts';
import { isSameScalar } from './values.ts';

/** How many items are passed in the time of another comparison. */
const ITEMS_AT_ONCE = 8;

/**
 * Is one of the items of a list, or of a list in it, this single value? The list is indexed when it is searched again:
 * that of an event by thousands of filters, or that of a filter for each item of an event's list.
 */
export function listHas(list: readonly unknown[], value: unknown, comparisons: Comparisons): boolean {
  comparisons.take(1);
  const known = comparisons.searched.get(list);
  if (known === undefined) {
    comparisons.searched.set(list, 'once');
    return isAmong(list, value, comparisons);
  }
  return isIndexed(known === 'once' ? indexOf(list, comparisons) : known, value);
}

function isAmong(list: readonly unknown[], value: unknown, comparisons: Comparisons): boolean {
  comparisons.take(Math.ceil(list.length / ITEMS_AT_ONCE));
  return list.some((item) => (Array.isArray(item) ? isAmong(item, value, comparisons) : isSameScalar(item, value)));
}

function isIndexed({ values, numbers }: ListIndex, value: unknown): boolean {
  if (!isNumber(value)) return values.has(value);
  const double = asDouble(value);
  return double === undefined ? numbers.has(numberKey(value)) : values.has(double);
}

function indexOf(list: readonly unknown[], comparisons: Comparisons): ListIndex {
  const index: ListIndex = { values: new Set(), numbers: new Set() };
  add(list, index, comparisons);
  comparisons.searched.set(list, index);
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
