/** Of a schema as JSON text, in UTF-8. */
export const MAX_SCHEMA_BYTES = 8192;
const MAX_SCHEMA_DEPTH = 20;
/** Subschemas and the entries of `enum` and its like, with each `$ref` counted as what it refers to. */
const MAX_PARTS = 500;

type Keywords = Readonly<Record<string, unknown>>;

/** Keywords that have no subschema, and take time in proportion to the value and themselves. */
const PLAIN: ReadonlySet<string> = new Set(
  [
    '$schema $comment title description default examples deprecated readOnly writeOnly',
    'type const enum format required dependentRequired',
    'minProperties maxProperties minItems maxItems minContains maxContains minLength maxLength',
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf',
  ].flatMap((line) => line.split(' ')),
);
const ONE_SCHEMA: ReadonlySet<string> = new Set(
  'not if then else items contains additionalProperties propertyNames'.split(' '),
);
const LISTS_OF_SCHEMAS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAPS_OF_SCHEMAS: ReadonlySet<string> = new Set(['properties', 'dependentSchemas']);
const DEFINITIONS: ReadonlySet<string> = new Set(['$defs', 'definitions']);

const FORMATS = ['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'];
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** What each keyword's value has to be, where a wrong one would make the schema mean nothing. */
const VALUES: Readonly<Record<string, [is: (value: unknown) => boolean, must: string]>> = {
  type: [(value) => isListOf(listOf(value), isType), `must be one or more of ${TYPES.join(', ')}`],
  format: [(value) => FORMATS.includes(value as string), `must be one of ${FORMATS.join(', ')}`],
  required: [(value) => isListOf(value, isText), 'must be a list of names'],
  enum: [Array.isArray, 'must be a list'],
  dependentRequired: [isObjectOf((names) => isListOf(names, isText)), 'must be an object of lists of names'],
  multipleOf: [(value) => typeof value === 'number' && value > 0, 'must be a number above 0'],
  ...each(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], isNumber, 'must be a number'),
  ...each(
    'minProperties maxProperties minItems maxItems minContains maxContains minLength maxLength'.split(' '),
    isCount,
    'must be a whole number, 0 or more',
  ),
};

/** A mistake in a schema: where, as a JSON Pointer, and what to do. */
class SchemaMistake extends Error {}

/**
 * Why data is not to be compared with a schema, as a sentence without its full stop; undefined when it may be. The part
 * of JSON Schema 2020-12 that is accepted takes time in proportion to the size of the data: no regular expressions, no
 * recursion, and nothing from elsewhere.
 */
export function refuseSchema(schema: unknown): string | undefined {
  const survey = surveySchema(schema);
  return 'problem' in survey ? survey.problem : undefined;
}

/**
 * How many parts of a schema each value of the data is compared with at most, or why none is.
 * @see refuseSchema
 */
export function surveySchema(schema: unknown): { parts: number } | { problem: string } {
  const text = JSON.stringify(schema) ?? '';
  if (Buffer.byteLength(text) > MAX_SCHEMA_BYTES) {
    return { problem: `must be at most ${MAX_SCHEMA_BYTES} bytes of JSON` };
  }
  // With its numbers as doubles, as data is compared with it.
  const read: unknown = JSON.parse(text || 'null');
  if (!isKeywords(read)) return { problem: 'must be an object: a JSON Schema' };
  try {
    const survey = new Survey(read);
    survey.visit(read, '#', 0, []);
    return { parts: survey.parts };
  } catch (error) {
    if (error instanceof SchemaMistake) return { problem: error.message };
    throw error;
  }
}

/** Walks over a schema, with what its references mean in place of them. */
class Survey {
  readonly #root: Keywords;
  parts = 0;

  constructor(root: Keywords) {
    this.#root = root;
  }

  /** @param within the references that were followed to get here */
  visit(schema: unknown, place: string, depth: number, within: readonly string[]): void {
    this.#count(1);
    if (typeof schema === 'boolean') return;
    if (!isKeywords(schema)) throw mistake(place, 'must be an object, true or false');
    if (depth > MAX_SCHEMA_DEPTH) throw mistake(place, `is nested more than ${MAX_SCHEMA_DEPTH} levels deep`);
    for (const [keyword, value] of Object.entries(schema)) {
      this.#keyword(keyword, value, `${place}/${keyword}`, depth, within);
    }
  }

  #keyword(keyword: string, value: unknown, place: string, depth: number, within: readonly string[]): void {
    const below = (sub: unknown, name: string) => this.visit(sub, `${place}${name}`, depth + 1, within);
    if (keyword === '$ref') return this.#reference(value, place, depth, within);
    if (ONE_SCHEMA.has(keyword)) return below(value, '');
    if (LISTS_OF_SCHEMAS.has(keyword)) {
      if (!Array.isArray(value) || value.length === 0) throw mistake(place, 'must be a list of schemas');
      return value.forEach((sub, index) => below(sub, `/${index}`));
    }
    if (MAPS_OF_SCHEMAS.has(keyword)) return eachOf(value, place, (sub, name) => below(sub, `/${name}`));
    // What is defined counts where it is used; here it only has to be sound.
    if (DEFINITIONS.has(keyword)) return eachOf(value, place, (sub, name) => below(sub, `/${name}`));
    if (!PLAIN.has(keyword) && !keyword.startsWith('x-')) throw mistake(place, 'is not supported: remove it');
    if (typeof value === 'object' && value !== null) this.#count(countParts(value));
    const [is, must] = VALUES[keyword] ?? [];
    if (is && !is(value)) throw mistake(place, must as string);
  }

  #count(more: number): void {
    this.parts += more;
    if (this.parts > MAX_PARTS)
      throw mistake('#', `has more than ${MAX_PARTS} parts, each $ref counted as what it names`);
  }

  #reference(value: unknown, place: string, depth: number, within: readonly string[]): void {
    const [, holder = '', name = ''] = (isText(value) && /^#\/(\$defs|definitions)\/([^/%~]+)$/.exec(value)) || [];
    const defined = this.#root[holder];
    if (!isKeywords(defined) || !Object.hasOwn(defined, name)) {
      throw mistake(place, 'must name a definition of this schema, such as #/$defs/address; nothing else is read');
    }
    const reference = value as string;
    if (within.includes(reference)) throw mistake(place, 'refers to itself: describe each level, or leave it open');
    this.visit(defined[name], reference, depth + 1, [...within, reference]);
  }
}

function eachOf(value: unknown, place: string, visit: (schema: unknown, name: string) => void): void {
  if (!isKeywords(value)) throw mistake(place, 'must be an object of schemas');
  for (const [name, schema] of Object.entries(value)) visit(schema, name);
}

const MAX_PLACE = 120;

function mistake(place: string, what: string): SchemaMistake {
  const cut = place.length > MAX_PLACE ? `${place.slice(0, MAX_PLACE).toWellFormed()}…` : place;
  return new SchemaMistake(`is no schema that can be used: \`${cut}\` ${what}`);
}

/** A schema whose subschemas are replaced; those that are true or false stay. */
export function mapSubschemas(schema: Keywords, map: (subschema: Keywords) => Keywords): Record<string, unknown> {
  const one = (sub: unknown) => (isKeywords(sub) ? map(sub) : sub);
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (ONE_SCHEMA.has(keyword)) return [keyword, one(value)];
    if (LISTS_OF_SCHEMAS.has(keyword)) return [keyword, (value as unknown[]).map(one)];
    if (!MAPS_OF_SCHEMAS.has(keyword)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value as Keywords).map(([name, sub]) => [name, one(sub)]))];
  });
  return Object.fromEntries(entries);
}

/** Of a JSON value: itself, and all that is in it. */
export function countParts(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + countParts(part), 1);
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown {
  return Array.isArray(value) ? value : [value];
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isObjectOf(is: (item: unknown) => boolean): (value: unknown) => boolean {
  return (value) => isKeywords(value) && Object.values(value).every(is);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isType(value: unknown): boolean {
  return TYPES.includes(value as string);
}

function each<T>(names: readonly string[], is: (value: unknown) => boolean, must: T) {
  return Object.fromEntries(names.map((name) => [name, [is, must] as [typeof is, T]]));
}
