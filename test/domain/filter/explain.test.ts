import { expect, test } from 'vitest';
import { parseExactJson } from '../../../lib/domain/exact-json.ts';
import { explainMismatch } from '../../../lib/domain/filter/explain.ts';

const explain = (filter: string, data: string) =>
  explainMismatch(parseExactJson(filter) as object, parseExactJson(data));

test.each([
  ['{"a":1}', '{"a":2}', { path: '/a', operator: '$eq', expected: '1', found: '2' }],
  ['{"a":1}', '{}', { path: '/a', operator: '$eq', expected: '1', found: undefined }],
  ['{"a":{"b/c~":{"$gt":3}}}', '{"a":{"b/c~":3}}', { path: '/a/b~1c~0', operator: '$gt', expected: '3', found: '3' }],
  ['{"a":1,"b":{"$in":[1,2]}}', '{"a":1,"b":"x"}', { path: '/b', operator: '$in', expected: '[1,2]', found: '"x"' }],
  ['{"a":{"b":1}}', '{"a":5}', { path: '/a', operator: '$eq', expected: '{"b":1}', found: '5' }],
  ['{"a":{"b":1}}', '{"a":[{"b":2}]}', { path: '/a', operator: '$eq', expected: '{"b":1}', found: '[{"b":2}]' }],
  ['{"$and":[{"a":1},{"b":2}]}', '{"a":1,"b":1}', { path: '/b', operator: '$eq', expected: '2', found: '1' }],
  ['{"$or":[{"a":1}]}', '{"a":2}', { path: '', operator: '$or', expected: '[{"a":1}]', found: '{"a":2}' }],
  ['{"a":{"$not":{"$gt":1}}}', '{"a":2}', { path: '/a', operator: '$not', expected: '{"$gt":1}', found: '2' }],
  [
    '{"a":12345678901234567890}',
    '{"a":12345678901234567891}',
    { path: '/a', operator: '$eq', expected: '12345678901234567890', found: '12345678901234567891' },
  ],
])('%s and %s: says what does not hold', (filter, data, mismatch) => {
  expect(explain(filter, data)).toEqual(mismatch);
});
