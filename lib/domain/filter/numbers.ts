// Numbers of exact JSON (lib/domain/exact-json.ts): doubles, and raw values where a double would change what was written.
import '../exact-json.ts';

/** `0.<digits>` times ten to the power of `exponent`. */
interface Decimal {
  negative: boolean;
  /** Neither begins nor ends with a zero; empty for zero. */
  digits: string;
  exponent: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

export function isNumber(value: unknown): value is number | object {
  return typeof value === 'number' || (typeof value === 'object' && value !== null && JSON.isRawJSON(value));
}

/**
 * By their decimal values, exactly. (An exponent beyond that of any double is one of 2^53 at most.)
 * @returns below 0, 0, above 0
 */
export function compareNumbers(left: number | object, right: number | object): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [decimalOf(left), decimalOf(right)];
  if (signOf(a) !== signOf(b)) return signOf(a) - signOf(b);
  return a.negative ? compareSizes(b, a) : compareSizes(a, b);
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.exponent !== b.exponent) return a.exponent - b.exponent;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}

function signOf({ negative, digits }: Decimal): number {
  if (digits === '') return 0;
  return negative ? -1 : 1;
}

/** One number of an event is compared by thousands of filters. */
const known = new WeakMap<object, Decimal>();

function decimalOf(value: number | object): Decimal {
  if (typeof value === 'number') return readDecimal(String(value));
  const found = known.get(value);
  if (found) return found;
  const read = readDecimal((value as { rawJSON: string }).rawJSON);
  known.set(value, read);
  return read;
}

function readDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  let [start, end] = [0, all.length];
  while (all[start] === '0') start += 1;
  while (end > start && all[end - 1] === '0') end -= 1;
  const exponent = Math.max(-Number.MAX_SAFE_INTEGER, Number(power)) + whole.length - start;
  const digits = all.slice(start, end);
  return { negative: sign === '-', digits, exponent: digits === '' ? 0 : exponent };
}

/** The double of exactly this decimal value; undefined: there is none. */
export function asDouble(value: number | object): number | undefined {
  if (typeof value === 'number') return value;
  const double = Number((value as { rawJSON: string }).rawJSON);
  return compareNumbers(double, value) === 0 ? double : undefined;
}

/** The same text for equal numbers, and for no others. */
export function numberKey(value: number | object): string {
  const { negative, digits, exponent } = decimalOf(value);
  return `${negative && digits !== '' ? '-' : ''}${digits}e${exponent}`;
}
