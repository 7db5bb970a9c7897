// What docs/filters.md says, once more and as plainly as possible: without compiling, indexes or limits. Numbers are
// fractions of whole numbers.
import '../../../lib/domain/exact-json.ts';

type Members = Record<string, unknown>;

const NOTHING = Symbol('nothing');

export function oracle(filter: unknown, data: unknown): boolean {
  return meets(filter, data);
}

function meets(condition: unknown, value: unknown): boolean {
  if (isSingle(condition)) {
    return Array.isArray(value)
      ? value.some((item) => !isMembers(item) && meets(condition, item))
      : same(condition, value);
  }
  if (Array.isArray(condition)) {
    return Array.isArray(value) && condition.every((one) => value.some((item) => meets(one, item)));
  }
  const members = Object.entries(condition as Members);
  const operators = members.filter(([name]) => name.startsWith('$'));
  const fields = members.filter(([name]) => !name.startsWith('$'));
  return (
    operators.every(([name, operand]) => operatorMeets(name, operand, value)) &&
    (fields.length === 0 || hasFields(fields, value))
  );
}

function hasFields(fields: [string, unknown][], value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => hasFields(fields, item));
  if (!isMembers(value)) return false;
  const there = new Map(Object.entries(value));
  return fields.every(([name, one]) => meets(one, there.has(name) ? there.get(name) : NOTHING));
}

function operatorMeets(name: string, operand: unknown, value: unknown): boolean {
  switch (name) {
    case '$and':
      return (operand as unknown[]).every((one) => meets(one, value));
    case '$or':
      return (operand as unknown[]).some((one) => meets(one, value));
    case '$not':
      return !meets(operand, value);
    case '$exist':
      return operand ? value !== NOTHING : value === NOTHING;
    case '$eq':
      return value !== NOTHING && same(operand, value);
    case '$neq':
      return value !== NOTHING && !same(operand, value);
    case '$gt':
      return inOrder(value, operand, (a, b) => a > b);
    case '$gte':
      return inOrder(value, operand, (a, b) => a >= b);
    case '$lt':
      return inOrder(value, operand, (a, b) => a < b);
    case '$lte':
      return inOrder(value, operand, (a, b) => a <= b);
    case '$in':
      return fits(operand, value) && isAmong(operand, value);
    case '$nin':
      return fits(operand, value) && !isAmong(operand, value);
    case '$startsWith':
      return (
        typeof value === 'string' && [operand].flat().some((text) => value.slice(0, (text as string).length) === text)
      );
    case '$endsWith':
      return (
        typeof value === 'string' &&
        [operand]
          .flat()
          .some(
            (text) =>
              value === value.slice(0, value.length - (text as string).length) + text &&
              value.length >= (text as string).length,
          )
      );
    default:
      throw new Error(name);
  }
}

function fits(operand: unknown, value: unknown): boolean {
  if (value === NOTHING) return false;
  if (Array.isArray(operand)) return isSingle(value);
  return Array.isArray(value) || (typeof value === 'string' && typeof operand === 'string');
}

function isAmong(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.some((one) => same(one, value));
  if (Array.isArray(value)) return value.flat(100).some((item) => same(item, operand));
  return (value as string).split(operand as string).length > 1 || operand === '';
}

function inOrder(left: unknown, right: unknown, is: (a: bigint | string, b: bigint | string) => boolean): boolean {
  if (typeof left === 'string' && typeof right === 'string') return is(left, right);
  if (!isNumeric(left) || !isNumeric(right)) return false;
  const [a, b] = [fraction(left), fraction(right)];
  return is(a.over * b.under, b.over * a.under);
}

function same(left: unknown, right: unknown): boolean {
  if (isNumeric(left) && isNumeric(right)) return inOrder(left, right, (a, b) => a === b);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (isMembers(left) && isMembers(right)) {
    const [a, b] = [Object.entries(left).toSorted(byName), Object.entries(right).toSorted(byName)];
    return a.length === b.length && a.every(([name, item], index) => name === b[index]?.[0] && same(item, b[index][1]));
  }
  return left === right;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

function fraction(value: unknown): { over: bigint; under: bigint } {
  const [mantissa = '', power = '0'] = JSON.stringify(value).toLowerCase().split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const exponent = Number(power) - decimals.length;
  const over = BigInt(whole + decimals);
  return exponent >= 0
    ? { over: over * 10n ** BigInt(exponent), under: 1n }
    : { over, under: 10n ** BigInt(-exponent) };
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'object' && JSON.isRawJSON(value));
}

function isSingle(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || isNumeric(value);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
