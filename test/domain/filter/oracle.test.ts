import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExactJson } from '../../../lib/domain/exact-json.ts';
import { explainMismatch } from '../../../lib/domain/filter/explain.ts';
import { compileFilter, createFilterTest } from '../../../lib/domain/filter/filter.ts';
import { refuseFilter } from '../../../lib/domain/filter/filter-policy.ts';
import { oracle } from './oracle.ts';

// Few names and values, so that filters and data often meet. Everything is JSON text, so that numbers are as written.
const name = fc.constantFrom('"a"', '"b"', '"__proto__"', '"constructor"', '"0"', '"length"');
const number = fc.constantFrom(
  '0',
  '1',
  '1.0',
  '-0',
  '-1',
  '0.1',
  '0.10000000000000000001',
  '1e2',
  '100',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '9007199254740992.5',
  '1e-400',
  '1e400',
  '2e400',
  '-1e400',
  '12345678901234567890.5',
);
const text = fc.constantFrom('""', '"a"', '"ab"', '"b"', '"1"', '"é"', '"😀"');
const single = fc.oneof(number, text, fc.constantFrom('null', 'true', 'false'));

const list = (item: fc.Arbitrary<string>, minLength = 0) =>
  fc.array(item, { minLength, maxLength: 3 }).map((items) => `[${items.join(',')}]`);
const object = (key: fc.Arbitrary<string>, item: fc.Arbitrary<string>, minLength = 0) =>
  fc
    .uniqueArray(fc.tuple(key, item), { selector: ([first]) => first, minLength, maxLength: 3 })
    .map((members) => `{${members.map(([first, second]) => `${first}:${second}`).join(',')}}`);

const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof({ depthSize: 'small', maxDepth: 4 }, single, list(tie('json')), object(name, tie('json'))),
}));

const member = (key: string, operand: fc.Arbitrary<string>) => operand.map((value) => `"${key}":${value}`);
const ordered = fc.oneof(number, text);
const anyOf = (item: fc.Arbitrary<string>) => fc.oneof(item, list(item, 1));
const comparison = fc.oneof(
  ...['$eq', '$neq'].map((key) => member(key, json)),
  ...['$gt', '$gte', '$lt', '$lte'].map((key) => member(key, ordered)),
  ...['$in', '$nin'].map((key) => member(key, anyOf(single))),
  ...['$startsWith', '$endsWith'].map((key) => member(key, anyOf(text))),
  member('$exist', fc.constantFrom('true', 'false')),
);
const { members } = fc.letrec<{ members: string; condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    single,
    comparison.map((one) => `{${one}}`),
    tie('members'),
    list(tie('condition'), 1),
  ),
  members: fc
    .uniqueArray(
      fc.oneof(
        fc.tuple(name, tie('condition')).map(([key, one]) => `${key}:${one}`),
        comparison,
        member('$not', tie('condition')),
        ...['$and', '$or'].map((key) => member(key, list(tie('condition'), 1))),
      ),
      { selector: (one) => one.slice(0, one.indexOf(':')), minLength: 1, maxLength: 3 },
    )
    .map((parts) => `{${parts.join(',')}}`),
}));

const data = fc.oneof({ arbitrary: object(name, json, 2), weight: 4 }, { arbitrary: json, weight: 1 });

test('a filter lets through what the rules say, for any filter and any data', () => {
  let [passed, accepted] = [0, 0];
  fc.assert(
    fc.property(members, data, (filter, posted) => {
      const [written, value] = [parseExactJson(filter), parseExactJson(posted)];
      fc.pre(refuseFilter(written) === undefined);
      const expected = oracle(written, value);
      accepted += 1;
      passed += Number(expected);
      expect(createFilterTest(posted)(compileFilter(filter))).toBe(expected);
      expect(explainMismatch(written as object, value) === undefined).toBe(expected);
    }),
    { numRuns: 5000, seed: 13 },
  );
  // Hundreds of each: the property is not about what never matches.
  expect(passed).toBeGreaterThan(300);
  expect(accepted - passed).toBeGreaterThan(300);
});
