import { describe, expect, test } from 'vitest';
import { Comparisons } from '../../../lib/domain/filter/comparisons.ts';
import { compileFilter, createFilterTest } from '../../../lib/domain/filter/filter.ts';
import { refuseFilter } from '../../../lib/domain/filter/filter-policy.ts';
import { parseExactJson } from '../../../lib/domain/exact-json.ts';

/** Both as JSON text, so that numbers are what was written. */
function matches(filter: string, data: string, comparisons?: Comparisons): boolean {
  expect(refuseFilter(parseExactJson(filter))).toBeUndefined();
  return createFilterTest(data, comparisons)(compileFilter(filter));
}

/** The table of docs/filters.md, and what is beside it. */
describe.each([
  ['a single value', '{"a":1}', ['{"a":1}', '{"a":1.0}', '{"a":[2,1]}', '{"a":[[1]]}'], ['{"a":2}', '{"a":"1"}', '{}']],
  ['a text', '{"a":"x"}', ['{"a":"x"}', '{"a":["y","x"]}'], ['{"a":"X"}', '{"a":{"x":1}}', '{"a":{}}', '[]', '1']],
  ['null', '{"a":null}', ['{"a":null}', '{"a":[null]}'], ['{}', '{"a":0}', '{"a":false}', 'null']],
  ['true', '{"a":true}', ['{"a":true}'], ['{"a":1}', '{"a":"true"}', '{"a":false}']],
  ['a list', '{"a":[1,{"b":2}]}', ['{"a":[{"b":2,"c":3},0,1]}'], ['{"a":[1]}', '{"a":1}', '{"a":[{"b":2}]}', '{}']],
  ['fields', '{"a":{"b":1,"c":2}}', ['{"a":{"b":1,"c":2,"d":3}}'], ['{"a":{"b":1}}', '{"a":1}', '{"a":null}', '{}']],
  [
    'fields in a list: one item has all of them',
    '{"a":{"b":1,"c":2}}',
    ['{"a":[{},{"b":1,"c":2}]}', '{"a":[[{"b":1,"c":2}]]}'],
    ['{"a":[{"b":1},{"c":2}]}', '{"a":[]}'],
  ],
  ['a list at the top', '{"b":1}', ['[{"b":1}]'], ['[1]', '{"a":{"b":1}}']],
  [
    '$eq',
    '{"a":{"$eq":{"b":[1,2],"c":3}}}',
    ['{"a":{"c":3.0,"b":[1,2]}}'],
    ['{"a":{"b":[2,1],"c":3}}', '{"a":{"b":[1,2],"c":3,"d":0}}', '{"a":[{"b":[1,2],"c":3}]}'],
  ],
  ['$eq of a list', '{"a":{"$eq":[1]}}', ['{"a":[1]}'], ['{"a":1}', '{"a":[1,1]}', '{"a":{"0":1}}']],
  ['$neq', '{"a":{"$neq":1}}', ['{"a":2}', '{"a":"1"}', '{"a":null}', '{"a":[1]}'], ['{"a":1}', '{"a":1.0}', '{}']],
  ['$gt', '{"a":{"$gt":1}}', ['{"a":1.5}', '{"a":2}'], ['{"a":1}', '{"a":"2"}', '{"a":null}', '{"a":[2]}', '{}']],
  ['$gte', '{"a":{"$gte":1}}', ['{"a":1}', '{"a":2}'], ['{"a":0.9}', '{"a":true}']],
  ['$lt', '{"a":{"$lt":1}}', ['{"a":-1}', '{"a":0.5}'], ['{"a":1}', '{"a":null}', '{"a":false}', '{}']],
  ['$lte', '{"a":{"$lte":1}}', ['{"a":1}', '{"a":-0.0}'], ['{"a":1.1}', '{"a":""}']],
  ['$gt of a text', '{"a":{"$gt":"b"}}', ['{"a":"ba"}', '{"a":"é"}'], ['{"a":"b"}', '{"a":"B"}', '{"a":3}']],
  ['a range', '{"a":{"$gte":1,"$lt":3}}', ['{"a":1}', '{"a":2.9}'], ['{"a":3}', '{"a":0}']],
  [
    '$in',
    '{"a":{"$in":[1,"x",null]}}',
    ['{"a":1.0}', '{"a":"x"}', '{"a":null}'],
    ['{"a":"1"}', '{"a":[1]}', '{"a":{}}', '{}'],
  ],
  [
    '$nin',
    '{"a":{"$nin":[1,"x"]}}',
    ['{"a":2}', '{"a":null}', '{"a":"1"}'],
    ['{"a":1}', '{"a":[2]}', '{"a":{}}', '{}'],
  ],
  [
    '$in of a text',
    '{"a":{"$in":"ell"}}',
    ['{"a":"hello"}', '{"a":["x","ell"]}'],
    ['{"a":"el"}', '{"a":["hello"]}', '{"a":5}', '{}'],
  ],
  [
    '$nin of a text',
    '{"a":{"$nin":"ell"}}',
    ['{"a":"el"}', '{"a":["hello"]}', '{"a":[]}'],
    ['{"a":"hello"}', '{"a":["ell"]}', '{"a":5}', '{}'],
  ],
  ['$in of a number', '{"a":{"$in":5}}', ['{"a":[5]}', '{"a":[1,5.0]}'], ['{"a":5}', '{"a":"5"}']],
  ['$exist true', '{"a":{"$exist":true}}', ['{"a":null}', '{"a":[]}', '{"a":{}}'], ['{}', '{"b":1}', '[]', '1']],
  ['$exist false', '{"a":{"$exist":false}}', ['{}', '{"b":1}'], ['{"a":null}', '1', '[]']],
  [
    '$exist false below what is not there',
    '{"a":{"b":{"$exist":false}}}',
    ['{"a":{}}'],
    ['{}', '{"a":1}', '{"a":{"b":1}}'],
  ],
  [
    '$startsWith',
    '{"a":{"$startsWith":["x.","y."]}}',
    ['{"a":"x.1"}', '{"a":"y."}'],
    ['{"a":"z"}', '{"a":1}', '{"a":["x."]}', '{}'],
  ],
  ['$endsWith', '{"a":{"$endsWith":".eu"}}', ['{"a":"b.eu"}', '{"a":".eu"}'], ['{"a":"eu"}', '{"a":null}', '{}']],
  ['$or', '{"$or":[{"a":1},{"b":1}]}', ['{"a":1}', '{"b":1}'], ['{"a":2}', '{}']],
  ['$or beside fields', '{"c":1,"$or":[{"a":1},{"b":1}]}', ['{"a":1,"c":1}'], ['{"a":1}', '{"c":1}']],
  [
    '$or of one value',
    '{"a":{"$or":[{"$lt":1},{"$gt":9},{"$exist":false}]}}',
    ['{"a":0}', '{"a":10}', '{}'],
    ['{"a":5}', '{"a":"x"}'],
  ],
  ['$and', '{"$and":[{"a":1},{"a":2}]}', ['{"a":[2,1]}'], ['{"a":1}', '{"a":[1]}']],
  ['$not', '{"$not":{"a":1}}', ['{}', '{"a":2}', '1'], ['{"a":1}', '{"a":[1]}']],
  ['$not of one value', '{"a":{"$not":{"$gt":1}}}', ['{}', '{"a":1}', '{"a":"x"}'], ['{"a":2}']],
  [
    'members that objects have anyway',
    '{"constructor":{"$exist":true}}',
    ['{"constructor":1}'],
    ['{}', '{"toString":1}'],
  ],
  ['__proto__', '{"__proto__":{"a":1}}', ['{"__proto__":{"a":1}}'], ['{}', '{"a":1}', '{"__proto__":null}']],
  ['__proto__ below $exist', '{"__proto__":{"$exist":false}}', ['{}', '{"a":1}'], ['{"__proto__":1}']],
  [
    'length is no member of a list',
    '{"a":{"length":1}}',
    ['{"a":{"length":1}}', '{"a":[{"length":1}]}'],
    ['{"a":[1]}', '{"a":"x"}'],
  ],
  [
    'a number beyond doubles',
    '{"a":9007199254740993}',
    ['{"a":9007199254740993}', '{"a":9007199254740993.0}', '{"a":[1,9007199254740993]}'],
    ['{"a":9007199254740992}', '{"a":9007199254740994}'],
  ],
  [
    'one that a double would round',
    '{"a":{"$gt":0.1}}',
    ['{"a":0.10000000000000000001}', '{"a":1.1e-1}'],
    ['{"a":0.1}', '{"a":0.09999999999999999999}', '{"a":1e-400}'],
  ],
  [
    'a small exponent',
    '{"a":{"$gt":0}}',
    ['{"a":1e-400}', '{"a":0.00001}'],
    ['{"a":0e5}', '{"a":-0}', '{"a":-1e-400}'],
  ],
] as const)('%s: %s', (_name, filter, passed, leftOut) => {
  test.each(passed)('lets %s through', (data) => expect(matches(filter, data)).toBe(true));
  test.each(leftOut)('leaves %s out', (data) => expect(matches(filter, data)).toBe(false));
});

test('a filter is evaluated once for an event, however many endpoints have it', () => {
  const comparisons = new Comparisons(4);
  const passes = createFilterTest('{"a":1}', comparisons);
  for (let n = 0; n < 1000; n += 1) expect(passes(compileFilter('{"a":1}'))).toBe(true);
});

/** The most that one filter takes: none makes an event be refused by itself. */
test.each([
  ['fields of small objects', '{"a":1},', { l: { $and: Array.from({ length: 13 }, () => ({ a: 2 })) } }],
  ['fields of what is no object', '1,', { l: { $and: Array.from({ length: 13 }, () => ({ a: 2 })) } }],
  ['a list of conditions', '1,', { l: Array.from({ length: 14 }, () => ({ a: 1 })) }],
  ['a list of values', '1,', { l: Array.from({ length: 28 }, () => 2) }],
  ['a list of lists', '[],', { l: Array.from({ length: 28 }, () => 2) }],
  ['ids of a list', '1,', { l: [{ $in: Array.from({ length: 480 }, () => 2) }] }],
  ['ids of fields', '{"":1},', { l: { '': { $in: Array.from({ length: 480 }, () => 2) } } }],
  ['beginnings of texts', '"",', { l: [{ $startsWith: Array.from({ length: 500 }, () => 'y') }] }],
  ['texts in texts', '"x",', { l: Array.from({ length: 14 }, () => ({ $in: 'yy' })) }],
  ['equal objects', '{"a":1},', { l: { $and: Array.from({ length: 9 }, (_, n) => ({ a: { $neq: n } })) } }],
])('the largest event can be compared with the largest filter: %s', (_, item, filter) => {
  const count = Math.floor((256 * 1024 - 10) / item.length);
  const data = `{"l":[${item.repeat(count).slice(0, -1)}]}`;
  expect(data.length).toBeGreaterThan(256 * 1024 - 20);
  expect(() => matches(JSON.stringify(filter), data)).not.toThrow();
});

test('the largest filter can be searched for in the longest text', () => {
  const $or = Array.from({ length: 7 }, (_, n) => ({ t: { $in: `${'x'.repeat(200)}${n}${'x'.repeat(49)}` } }));
  expect(matches(JSON.stringify({ $or }), JSON.stringify({ t: 'x'.repeat(262_000) }))).toBe(false);
});

test('many filters of long lists are refused before they take seconds', () => {
  const data = `{"l":[${'{"a":1},'.repeat(30_000).slice(0, -1)}]}`;
  const passes = createFilterTest(data);
  const all = () => Array.from({ length: 10_000 }, (_, n) => passes(compileFilter(`{"l":{"a":${n + 2}}}`)));
  expect(all).toThrow(expect.objectContaining({ code: 'too-many-comparisons' }));
});

test.each(['$startsWith', '$endsWith'])('so are those with long lists of texts: %s', (operator) => {
  const passes = createFilterTest(`{"l":[${'"-",'.repeat(60_000).slice(0, -1)}]}`);
  const texts = Array.from({ length: 400 }, () => 'a');
  const all = () =>
    Array.from({ length: 20 }, (_, n) =>
      passes(compileFilter(`{"l":[{"${operator}":${JSON.stringify([...texts, n + 'b'])}}]}`)),
    );
  expect(all).toThrow(expect.objectContaining({ code: 'too-many-comparisons' }));
});

test('ten thousand filters that look for an id in a list of a thousand are not', () => {
  const passes = createFilterTest(JSON.stringify({ to: Array.from({ length: 1000 }, (_, n) => `user-${n}`) }));
  const passing = Array.from({ length: 10_000 }, (_, n) => passes(compileFilter(`{"to":"user-${n}"}`))).filter(Boolean);
  expect(passing).toHaveLength(1000);
});
