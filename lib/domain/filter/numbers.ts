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
 * By their decimal values, exactly. (An exponent beyond that of any double is one of 2^53 at most.) Numbers whose nearest
 * doubles differ are in the order of these.
 * @returns below 0, 0, above 0
 */
export function compareNumbers(left: number | object, right: number | object): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [nearestDouble(left), nearestDouble(right)];
  if (a !== b) return a < b ? -1 : 1;
  if (typeof left === 'number') return readRaw(right as object).orderOfDouble;
  if (typeof right === 'number') return -readRaw(left).orderOfDouble;
  return compareDecimals(readRaw(left).decimal, readRaw(right).decimal);
}

function nearestDouble(value: number | object): number {
  return typeof value === 'number' ? value : readRaw(value).double;
}

function compareDecimals(a: Decimal, b: Decimal): number {
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

/** What is known of a raw number. */
interface RawNumber {
  decimal: Decimal;
  /** The nearest; infinite beyond a double's range. */
  double: number;
  /** How that one's decimal compares with it. */
  orderOfDouble: number;
}

/** One number is compared with thousands of others: those of filters with those of events. */
const known = new WeakMap<object, RawNumber>();

function readRaw(value: object): RawNumber {
  const found = known.get(value);
  if (found) return found;
  const text = (value as { rawJSON: string }).rawJSON;
  const [decimal, double] = [readDecimal(text), Number(text)];
  const read = { decimal, double, orderOfDouble: compareDecimals(readDecimal(String(double)), decimal) };
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
  const { double, orderOfDouble } = readRaw(value);
  return orderOfDouble === 0 ? double : undefined;
}

/** The same text for equal numbers, and for no others. */
export function numberKey(value: number | object): string {
  const { negative, digits, exponent } =
    typeof value === 'number' ? readDecimal(String(value)) : readRaw(value).decimal;
  return `${negative && digits !== '' ? '-' : ''}${digits}e${exponent}`;
}
