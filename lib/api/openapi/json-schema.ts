import * as z from 'zod';

export type Json = Record<string, unknown>;

/** Is it what a caller sends, or what we answer? */
export type Direction = 'input' | 'output';

/** Writes zod schemas as JSON Schema, and collects those with a name (`.meta({ id })`) as components. */
export interface SchemaWriter {
  /** The schema, with references to components. */
  write(schema: z.ZodType, direction: Direction): Json;
  /** All that was referred to so far, by name in alphabetical order. */
  components(): Record<string, Json>;
}

/** @throws Error, from `write`, when one name stands for two shapes */
export function createSchemaWriter(): SchemaWriter {
  const components = new Map<string, Json>();

  function write(schema: z.ZodType, direction: Direction): Json {
    const {
      $schema: _,
      $defs = {},
      ...rest
    } = z.toJSONSchema(schema, { io: direction, override }) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [name, definition] of Object.entries($defs))
      keep(name, withExamples(asPublished(definition, direction)));
    return asPublished(rest, direction);
  }

  function override({ zodSchema, jsonSchema: part }: { zodSchema: z.core.$ZodType; jsonSchema: Json }): void {
    // Zod drops the examples and the default of what it transforms; ours are what a caller sends.
    const { examples } = z.globalRegistry.get(zodSchema) ?? {};
    if (examples !== undefined) part['examples'] = examples;
    const { def } = zodSchema._zod as z.core.$ZodDefault['_zod'];
    if (def.type === 'default') part['default'] = def.defaultValue;
    const { describedBy } = part;
    if (!(describedBy instanceof z.ZodType)) return;
    delete part['describedBy'];
    Object.assign(part, write(describedBy, 'input'));
  }

  function keep(name: string, definition: Json): void {
    const known = components.get(name);
    if (!known || isOpenForm(definition, known)) components.set(name, definition);
    else if (!isSame(known, definition) && !isOpenForm(known, definition)) {
      throw new Error(`${name} is the name of two schemas: ${JSON.stringify([known, definition])}`);
    }
  }

  return {
    write,
    components: () => Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Leaves out what only repeats the type, and uses the names of OpenAPI. */
function asPublished(schema: Json, direction: Direction): Json {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === '$ref') return String(value).replace('#/$defs/', '#/components/schemas/');
    return isObject(value) ? simplified(value, direction) : value;
  }) as Json;
}

function simplified(part: Json, direction: Direction): Json {
  const { minimum, maximum, pattern, additionalProperties, ...rest } = part;
  return {
    ...rest,
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
    // The pattern of a date and time is a calendar in 400 characters: `format` says it.
    ...(pattern !== undefined && part['format'] === undefined && { pattern }),
    // Answers may get new fields; only requests are closed.
    ...(additionalProperties !== undefined &&
      !(direction === 'output' && additionalProperties === false) && { additionalProperties }),
  };
}

/** The example of an object is the source of its fields' examples. */
function withExamples(schema: Json): Json {
  const [example] = (schema['examples'] ?? []) as unknown[];
  const { properties } = schema;
  if (!isObject(example) || !isObject(properties)) return schema;
  const entries = Object.entries(properties).map(([name, field]) => {
    if (!isObject(field) || field['$ref'] || field['examples'] || !Object.hasOwn(example, name)) return [name, field];
    return [name, { ...field, examples: [example[name]] }];
  });
  return { ...schema, properties: Object.fromEntries(entries) };
}

/** An answer's form of a schema that requests have too: the same, but open to new fields. */
function isOpenForm(open: Json, closed: Json): boolean {
  return isSame(open, asPublished(closed, 'output')) && !isSame(open, closed);
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
