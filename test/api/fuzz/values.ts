// Values that a JSON Schema of the OpenAPI document allows, and values that it mostly does not.

import * as fc from 'fast-check';

export type Json = Record<string, unknown>;
type Value = fc.Arbitrary<unknown>;

/** Values of a schema, its examples among them. What only code checks (a sum, a range of times) may still be wrong. */
export function valuesOf(schema: Json, components: Record<string, Json>): Value {
  if (typeof schema['$ref'] === 'string') {
    return valuesOf(components[schema['$ref'].split('/').at(-1) as string] as Json, components);
  }
  const { examples } = schema as { examples?: unknown[] };
  const made = madeValues(schema, components);
  // Of times the edges tell more.
  if (schema['format'] === 'date-time') return made;
  return examples
    ? fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...examples) }, { weight: 3, arbitrary: made })
    : made;
}

function madeValues(schema: Json, components: Record<string, Json>): Value {
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, components)));
  if (Array.isArray(schema['type'])) {
    return fc.oneof(...schema['type'].map((type) => madeValues({ ...schema, type }, components)));
  }
  const make = BY_TYPE[schema['type'] as string];
  return make ? make(schema, components) : fc.jsonValue({ maxDepth: 3 });
}

const BY_TYPE: Readonly<Record<string, (schema: Json, components: Record<string, Json>) => Value>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: (schema) => fc.integer(boundsOf(schema, 1_000_000)),
  number: (schema) =>
    fc.oneof(fc.integer(boundsOf(schema, 1_000_000)), fc.double({ ...boundsOf(schema, 1e6), noNaN: true })),
  string: texts,
  array: lists,
  object: objects,
};

function boundsOf({ minimum, maximum }: Json, most: number): { min: number; max: number } {
  const min = Math.ceil((minimum as number | undefined) ?? -most);
  return { min, max: Math.max(min, Math.floor((maximum as number | undefined) ?? most)) };
}

function texts({ pattern, format, minLength = 0, maxLength = Infinity }: Json): Value {
  const [min, max] = [minLength as number, maxLength as number];
  if (format === 'date-time') return times();
  if (typeof pattern !== 'string') {
    return fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, min + 40) });
  }
  return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length >= min && text.length <= max);
}

function times(): Value {
  const [first, last] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59Z')];
  const near = fc.date({
    min: new Date('2025-01-01T00:00:00Z'),
    max: new Date('2027-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const any = fc.date({ min: first, max: last, noInvalidDate: true });
  const edges = [
    EPOCH,
    '1969-12-31T23:59:59.999Z',
    '1960-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ];
  return fc.oneof(
    near.map((date) => date.toISOString()),
    any.map((date) => date.toISOString()),
    fc.constantFrom(...edges, '2026-02-28T23:59:60Z'),
    fc.constantFrom(...edges),
  );
}
const EPOCH = '1970-01-01T00:00:00Z';

function lists({ items = {}, minItems = 0, maxItems = 5 }: Json, components: Record<string, Json>): Value {
  const [min, max] = [minItems as number, maxItems as number];
  return fc.array(valuesOf(items as Json, components), { minLength: min, maxLength: Math.min(max, min + 4) });
}

function objects(schema: Json, components: Record<string, Json>): Value {
  const {
    properties,
    required = [],
    additionalProperties,
    propertyNames,
  } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
    additionalProperties?: Json | boolean;
    propertyNames?: Json;
  };
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) => [name, valuesOf(field, components)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required });
  }
  const names = propertyNames ? (valuesOf(propertyNames, components) as fc.Arbitrary<string>) : fc.string();
  const values = typeof additionalProperties === 'object' ? additionalProperties : {};
  return fc.dictionary(names, valuesOf(values, components), { maxKeys: 5 });
}

/** What clients send by mistake or in bad faith. */
export const junk: Value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    -0,
    1.5,
    1e21,
    2 ** 53,
    '',
    ' ',
    '*',
    '__proto__',
    '\0',
    '\ud800',
    '١',
    'a\r\nb',
  ),
  fc.constantFrom<unknown>([], {}, [null], { $ref: '#' }, { constructor: 1 }, '9'.repeat(400), 'ü'.repeat(2000)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A JSON value with something wrong in it: a field is gone, unknown, or replaced by junk. */
export function spoiled(values: Value): Value {
  const change = fc.record({ kind: fc.constantFrom('drop', 'add', 'replace', 'all'), at: fc.nat(20), value: junk });
  return fc.tuple(values, change).map(([value, { kind, at, value: bad }]) => {
    if (kind === 'all' || typeof value !== 'object' || value === null || Array.isArray(value)) return bad;
    if (kind === 'add') return { ...value, unknown_field: bad };
    const names = Object.keys(value);
    const name = names[at % Math.max(1, names.length)];
    if (name === undefined) return bad;
    const { [name]: _, ...rest } = value as Json;
    return kind === 'drop' ? rest : { ...rest, [name]: bad };
  });
}
