// What breaks a client when a schema changes: a small comparison of the JSON Schema that lib/api/openapi writes.

export type Json = Record<string, unknown>;

/** Two versions of the document: references are looked up in the one that they are in. */
export interface Versions {
  before: Json;
  after: Json;
}

/** What a caller sends may be allowed more, and what we answer may say more: never the reverse. */
export type Direction = 'input' | 'output';

/** Sentences that say what breaks, each beginning with the place. */
export function schemaChanges(versions: Versions, before: Json, after: Json, way: Direction, place: string): string[] {
  if (before['$ref'] !== undefined && before['$ref'] === after['$ref'] && isComparedAlready(before, place)) return [];
  const [old, now] = [resolve(versions.before, before), resolve(versions.after, after)];
  const changes = [
    ...typeChanges(old, now, way).map((change) => `${place}: ${change}`),
    ...propertyChanges(versions, old, now, way, place),
    ...choiceChanges(versions, old, now, way, place),
  ];
  for (const part of ['items', 'additionalProperties']) {
    if (!isObject(old[part])) continue;
    if (isObject(now[part])) changes.push(...schemaChanges(versions, old[part], now[part], way, `${place}[]`));
    else changes.push(`${place}: ${part} is no longer a schema`);
  }
  return changes;
}

/** A schema that contains itself is compared once. */
function isComparedAlready({ $ref }: Json, place: string): boolean {
  return place.split('/').filter((step) => step === nameOf($ref)).length > 1;
}

function resolve(document: Json, schema: Json): Json {
  if (schema['$ref'] === undefined) return schema;
  const { schemas } = document['components'] as { schemas: Record<string, Json> };
  return { ...schemas[nameOf(schema['$ref'])] };
}

function nameOf(reference: unknown): string {
  return String(reference).split('/').at(-1) as string;
}

function typeChanges(old: Json, now: Json, way: Direction): string[] {
  const changes = otherTypes(old, now, way);
  for (const part of ['format', 'const'] as const) {
    if (old[part] === now[part]) continue;
    const widens = way === 'input' && now[part] === undefined;
    if (!widens) changes.push(`${part} was ${text(old[part])} and is ${text(now[part])}`);
  }
  const kept = (now['enum'] as unknown[] | undefined) ?? (way === 'input' ? (old['enum'] as unknown[]) : undefined);
  for (const value of (old['enum'] as unknown[] | undefined) ?? []) {
    if (!kept?.includes(value)) changes.push(`the value ${text(value)} was removed`);
  }
  if (way === 'input') changes.push(...tighterBounds(old, now));
  return changes;
}

/** A request may have more types than before, an answer fewer. No type means any. */
function otherTypes({ type: old }: Json, { type: now }: Json, way: Direction): string[] {
  const [given, taken] = way === 'input' ? [old, now] : [now, old];
  if (taken === undefined) return [];
  const allowed = new Set([taken].flat());
  const fits = given !== undefined && [given].flat().every((type) => allowed.has(type));
  return fits ? [] : [`type was ${text(old)} and is ${text(now)}`];
}

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

function tighterBounds(old: Json, now: Json): string[] {
  const lower = LOWER.filter((bound) => number(now[bound], -Infinity) > number(old[bound], -Infinity));
  const upper = UPPER.filter((bound) => number(now[bound], Infinity) < number(old[bound], Infinity));
  const patterns = now['pattern'] !== undefined && now['pattern'] !== old['pattern'] ? ['pattern'] : [];
  const enums = old['enum'] === undefined && now['enum'] !== undefined ? ['enum'] : [];
  const closed = old['additionalProperties'] !== false && now['additionalProperties'] === false;
  return [...lower, ...upper, ...patterns, ...enums, ...(closed ? ['additionalProperties'] : [])].map(
    (bound) => `${bound} allows less: it was ${text(old[bound])} and is ${text(now[bound])}`,
  );
}

function propertyChanges(versions: Versions, old: Json, now: Json, way: Direction, place: string): string[] {
  const [oldFields, fields] = [properties(old), properties(now)];
  const [wasRequired, isRequired] = [required(old), required(now)];
  const changes = Object.entries(oldFields).flatMap(([name, field]) => {
    const same = fields[name];
    return same
      ? schemaChanges(versions, field, same, way, `${place}/${name}`)
      : [`${place}/${name}: the field was removed`];
  });
  if (way === 'input') {
    const added = isRequired.filter((name) => !wasRequired.includes(name));
    return [...changes, ...added.map((name) => `${place}/${name}: the field is required now`)];
  }
  const dropped = wasRequired.filter((name) => fields[name] && !isRequired.includes(name));
  return [...changes, ...dropped.map((name) => `${place}/${name}: the field may be absent now`)];
}

/** Variants of a union are told apart by their names, or else by their types. */
function choiceChanges(versions: Versions, old: Json, now: Json, way: Direction, place: string): string[] {
  const [before, after] = [variants(old), variants(now)];
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after.keys()].filter((name) => !before.has(name));
  const both = [...before].flatMap(([name, variant]) => {
    const same = after.get(name);
    return same ? schemaChanges(versions, variant, same, way, `${place}/${name}`) : [];
  });
  const broken = way === 'input' ? removed : added;
  return [...both, ...broken.map((name) => `${place}: ${name} was ${way === 'input' ? 'removed' : 'added'}`)];
}

function variants(schema: Json): Map<string, Json> {
  const all = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Json[];
  return new Map(all.map((one) => [one['$ref'] === undefined ? String(one['type']) : nameOf(one['$ref']), one]));
}

function properties(schema: Json): Record<string, Json> {
  return (schema['properties'] ?? {}) as Record<string, Json>;
}

function required(schema: Json): string[] {
  return (schema['required'] ?? []) as string[];
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
