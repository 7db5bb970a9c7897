import { expect, test } from 'vitest';
import { parseExactJson } from '../../../lib/domain/exact-json.ts';
import { refuseFilter } from '../../../lib/domain/filter/filter-policy.ts';

const refusal = (filter: string) => {
  const mistake = refuseFilter(parseExactJson(filter));
  return mistake && `${mistake.path.join('.')}: ${mistake.message}`;
};

/** Objects in one another, so many of them. */
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test.each([
  ['1', ': must be an object'],
  ['[]', ': must be an object'],
  ['12345678901234567890', ': must be an object'],
  ['{"a":{}}', 'a: must have a field or an operator'],
  ['{"a":{"$regex":"x"}}', 'a.$regex: is not an operator'],
  ['{"$where":1}', '$where: is not an operator'],
  ['{"a":{"$constructor":1}}', 'a.$constructor: is not an operator'],
  ['{"a":{"$gt":null}}', 'a.$gt: must be a number or a text'],
  ['{"a":{"$lt":[1]}}', 'a.$lt: must be a number or a text'],
  ['{"a":{"$in":[]}}', 'a.$in: must be a list of single values'],
  ['{"a":{"$nin":[[1]]}}', 'a.$nin: must be a list of single values'],
  [`{"a":{"$in":"${'x'.repeat(251)}"}}`, 'a.$in: must be a list of single values'],
  ['{"a":{"$exist":1}}', 'a.$exist: must be true or false'],
  ['{"a":{"$startsWith":[1]}}', 'a.$startsWith: must be a text or a list of texts'],
  ['{"a":{"$endsWith":null}}', 'a.$endsWith: must be a text or a list of texts'],
  ['{"$or":[]}', '$or: must be a list of conditions'],
  ['{"$and":{"a":1}}', '$and: must be a list of conditions'],
  ['{"a":[{"b":{"$exist":0}}]}', 'a.0.b.$exist: must be true or false'],
  [nested(11), 'a.a.a.a.a.a.a.a.a.a: is nested more than 10 levels deep'],
  [`{"a":[${Array.from({ length: 30 }, () => '1').join(',')}]}`, 'is one of more than 30 conditions'],
  [`{"a":"${'é'.repeat(1100)}"}`, ': must be at most 2048 bytes of JSON'],
])('%s is refused, and the refusal says where', (filter, why) => {
  expect(refusal(filter)).toContain(why);
});

test.each([
  nested(10),
  '{}',
  '{"__proto__":1}',
  '{"a":{"$gt":12345678901234567890}}',
  '{"a":{"$eq":{"$x":[{}]}}}',
  '{"":1}',
])('%s is accepted', (filter) => expect(refusal(filter)).toBeUndefined());
