import { parseExactJson } from '../exact-json.ts';
import { Comparisons } from './comparisons.ts';
import { listHas } from './list-index.ts';
import { COMPARISONS, type ComparisonName } from './operators.ts';
import { MISSING, isObject, isSameScalar, isScalar } from './values.ts';

/** What a value has to be. `refuseFilter` (filter-policy.ts) says which conditions there are. */
export type Condition =
  /** This value, or a list that has it. */
  | { is: unknown }
  /** A list in which each of these conditions holds for an item. */
  | { has: readonly Condition[] }
  /** All of these hold. */
  | { all: readonly Part[] };

/** One operator, or the fields together, because one item of a list has to have all of them. */
export type Part =
  | { operator: ComparisonName; operand: unknown }
  | { operator: '$and' | '$or'; of: readonly Condition[] }
  | { operator: '$not'; not: Condition }
  | { fields: readonly (readonly [name: string, Condition])[] };

/** An endpoint's filter, ready to be compared. */
export interface Filter {
  /** JSON: filters with equal texts are equal. */
  text: string;
  condition: Condition;
}

/** @param text JSON of a filter that was accepted */
export function compileFilter(text: string): Filter {
  return { text, condition: compile(parseExactJson(text)) };
}

export function compile(written: unknown): Condition {
  if (isScalar(written)) return { is: written };
  if (Array.isArray(written)) return { has: written.map(compile) };
  const members = Object.entries(written as object);
  const fields = members.filter(([name]) => !name.startsWith('$'));
  const parts = members.filter(([name]) => name.startsWith('$')).map(([name, operand]) => compilePart(name, operand));
  if (fields.length > 0) parts.push({ fields: fields.map(([name, condition]) => [name, compile(condition)]) });
  return { all: parts };
}

export function compilePart(operator: string, operand: unknown): Part {
  if (operator === '$not') return { operator, not: compile(operand) };
  if (operator === '$and' || operator === '$or') return { operator, of: (operand as unknown[]).map(compile) };
  return { operator: operator as ComparisonName, operand };
}

/**
 * Compares one event's data with filters: each of them once, and the data is read for the first of them.
 * @param data JSON text
 * @param comparisons what may be taken for it
 * @returns whether a filter lets the event through; throws RequestError `too-many-comparisons`
 */
export function createFilterTest(data: string, comparisons = new Comparisons()): (filter: Filter) => boolean {
  let value: unknown;
  let isRead = false;
  const results = new Map<string, boolean>();
  return ({ text, condition }) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    if (!isRead) value = parseExactJson(data);
    isRead = true;
    const result = holds(condition, value, comparisons);
    results.set(text, result);
    return result;
  };
}

/** @param value MISSING where there is none */
export function holds(condition: Condition, value: unknown, comparisons: Comparisons): boolean {
  comparisons.take(1);
  if ('is' in condition) {
    return Array.isArray(value) ? listHas(value, condition.is, comparisons) : isSameScalar(value, condition.is);
  }
  if ('has' in condition) {
    return Array.isArray(value) && condition.has.every((one) => value.some((item) => holds(one, item, comparisons)));
  }
  return condition.all.every((part) => partHolds(part, value, comparisons));
}

export function partHolds(part: Part, value: unknown, comparisons: Comparisons): boolean {
  if ('fields' in part) return fieldsHold(part.fields, value, comparisons);
  if ('not' in part) return !holds(part.not, value, comparisons);
  if ('operand' in part) return COMPARISONS[part.operator](value, part.operand, comparisons);
  if (part.operator === '$and') return part.of.every((one) => holds(one, value, comparisons));
  return part.of.some((one) => holds(one, value, comparisons));
}

/** In a list, one item has to have all of them. */
function fieldsHold(fields: Extract<Part, { fields: unknown }>['fields'], value: unknown, comparisons: Comparisons) {
  comparisons.take(1);
  if (Array.isArray(value)) return value.some((item): boolean => fieldsHold(fields, item, comparisons));
  return isObject(value) && fields.every(([name, one]) => holds(one, memberOf(value, name), comparisons));
}

/** Own members only: an object's prototype is none of the data. */
export function memberOf(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : MISSING;
}
