import { expect, test } from 'vitest';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';

test('the order of members does not matter, the order of elements does', () => {
  expect(canonicalJson({ b: 1, a: { d: 2, c: [1, 2] } })).toBe('{"a":{"c":[1,2],"d":2},"b":1}');
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test('a member named __proto__ counts like any other', () => {
  expect(canonicalJson(JSON.parse('{"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1}}');
});
