import { describe, expect, test } from 'vitest';
import { refuseSchema } from '../../lib/domain/data-schema.ts';

const REFUSED: [string, unknown, RegExp][] = [
  ['a list', [], /must be an object/],
  ['a text', 'object', /must be an object/],
  ['an unknown type', { type: 'text' }, /`#\/type` must be one or more of array/],
  ['a regular expression', { properties: { id: { pattern: '(a+)+$' } } }, /`#\/properties\/id\/pattern` is not supp/],
  ['properties by regular expression', { patternProperties: { '^a': true } }, /patternProperties` is not supported/],
  ['a format that is a regular expression', { format: 'regex' }, /`#\/format` must be one of date/],
  ['a comparison of all entries with all others', { uniqueItems: true }, /uniqueItems` is not supported/],
  ['a reference to a URL', { $ref: 'https://example.com/schema.json' }, /\$ref` must name a definition of this schema/],
  ['a reference to a file', { $ref: 'other.json#/$defs/a' }, /\$ref` must name a definition/],
  ['a reference to nothing', { $ref: '#/$defs/a', $defs: {} }, /\$ref` must name a definition/],
  ['a reference to what every object has', { $ref: '#/$defs/toString', $defs: {} }, /\$ref` must name a definition/],
  ['a base for references', { $id: 'https://example.com/', $ref: '#/$defs/a' }, /`#\/\$id` is not supported/],
  ['a schema that contains itself', { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }, /to itself/],
  ['an unused definition that contains itself', { $defs: { a: { not: { $ref: '#/$defs/a' } } } }, /to itself/],
  ['properties that are a list', { properties: [] }, /`#\/properties` must be an object of schemas/],
  ['required that is a text', { required: 'id' }, /`#\/required` must be a list of names/],
  ['a negative length', { minLength: -1 }, /must be a whole number, 0 or more/],
  ['a limit that is a text', { maximum: '5' }, /`#\/maximum` must be a number/],
  ['an empty allOf', { allOf: [] }, /`#\/allOf` must be a list of schemas/],
  ['a subschema that is a number', { items: 5 }, /`#\/items` must be an object, true or false/],
  ['an enum past the limit', { enum: Array.from({ length: 600 }, (_, n) => n) }, /more than 500 parts/],
  ['more than 8 KB', { description: 'x'.repeat(9000) }, /at most 8192 bytes/],
];

describe('the schema of an event type', () => {
  test.each(REFUSED)('is refused with %s', (_, schema, message) => {
    expect(refuseSchema(schema)).toMatch(message);
  });

  test('is refused when its references multiply, quickly', () => {
    const defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `d${n}`,
        { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    const start = performance.now();
    expect(refuseSchema({ $ref: '#/$defs/d0', $defs: { ...defs, d40: true } })).toMatch(
      /more than 500 parts|levels deep/,
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('is refused when it is nested deeper than any data needs', () => {
    let schema: Record<string, unknown> = {};
    for (let n = 0; n < 30; n += 1) schema = { items: schema };
    expect(refuseSchema(schema)).toMatch(/nested more than 20 levels deep/);
  });

  test('is accepted with what describes data', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: 'A task',
      'x-owner': 'build',
      properties: {
        id: { type: 'string', minLength: 1 },
        pattern: { type: ['string', 'null'] },
        due: { type: 'string', format: 'date-time' },
        owner: { $ref: '#/$defs/person' },
        watchers: { type: 'array', items: { $ref: '#/$defs/person' }, maxItems: 100 },
        state: { enum: ['open', 'done'] },
      },
      required: ['id'],
      additionalProperties: false,
      anyOf: [{ properties: { state: { const: 'open' } } }, { required: ['due'] }],
      $defs: { person: { type: 'object', properties: { name: { type: 'string' } } } },
    };
    expect(refuseSchema(schema)).toBeUndefined();
  });
});
