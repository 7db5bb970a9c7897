import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import { parseExactJson, surveyJson } from '../../lib/domain/exact-json.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const written = (text: string) => JSON.stringify(parseExactJson(text));

test.each([
  '12345678901234567890',
  '-12345678901234567890.5',
  '0.1000000000000000055',
  '9007199254740993',
  '1E20',
  '1e-400',
  '[1.5e3,{"a":123456789012345678}]',
])('%s is written as it was read', (text) => {
  expect(written(text)).toBe(text);
});

test.each(['1', '-0.5', '999999999999999', '"12345678901234567890"', '{"id":"4e12","n":1.25}', '"\\\\"', 'null'])(
  '%s needs no care, and is an ordinary value',
  (text) => {
    expect(surveyJson(text).hasHardNumbers).toBe(false);
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  },
);

test.each([
  ['{}', 0],
  ['{"a":1}', 1],
  ['{"a":1,"a":2}', 2],
  ['{"a:b":"c:d\\":","e":[{"f":1},{"f":":"}]}', 4],
  ['{"\\\\":"\\"","x":"\\\\\\""}', 2],
])('%s has %i members', (text, members) => {
  expect(surveyJson(text).members).toBe(members);
});

describe('ten thousand random numbers', () => {
  const random = new SeededRandom(3);
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random.fraction() * 10)).join('');
  const number = () => {
    const whole = `${1 + Math.floor(random.fraction() * 9)}${digits(Math.floor(random.fraction() * 18))}`;
    const fraction = random.fraction() < 0.5 ? '' : `.${digits(1 + Math.floor(random.fraction() * 18))}`;
    const exponent = random.fraction() < 0.8 ? '' : `e${Math.floor(random.fraction() * 600) - 300}`;
    return `${random.fraction() < 0.3 ? '-' : ''}${whole}${fraction}${exponent}`;
  };

  test('keep their value, however it is written', () => {
    for (let n = 0; n < 10_000; n += 1) {
      const text = number();
      expect(decimal(written(text)), text).toEqual(decimal(text));
    }
  });
});

/** The digits of a decimal without zeros at its ends, and the exponent of the last: exact, unlike a double. */
function decimal(text: string): [string, bigint, number] {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = (whole + fraction).replace(/^0+/, '');
  const trimmed = all.replace(/0+$/, '');
  return [sign, BigInt(trimmed || 0), Number(exponent) - fraction.length + all.length - trimmed.length];
}

test('the canonical text tells exact numbers apart, and sorts the members around them', () => {
  const canonical = (text: string) => canonicalJson(parseExactJson(text));
  expect(canonical('{"b":12345678901234567890,"a":1}')).toBe('{"a":1,"b":12345678901234567890}');
  expect(canonical('12345678901234567890')).not.toBe(canonical('12345678901234567891'));
});
