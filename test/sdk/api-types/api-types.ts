import { type JSONSchema, compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema: Json;
}

interface Operation {
  operationId: string;
  summary?: string;
  tags: string[];
  parameters?: Partial<Parameter>[];
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

export const FILE = 'sdk/src/api-types.ts';

/** Operations of other platforms' APIs, for the clients that those have already. */
const FACADES = new Set(['veriswarm', 'ventryx']);
const OF_FACADES = /^(Veriswarm|Ventryx)/;

/** Bounds and examples, which TypeScript can't say. */
const DROPPED = new Set(
  'examples default format pattern propertyNames minLength maxLength minimum maximum minItems maxItems'.split(' '),
);

const BANNER = `// Written by \`npm run openapi\` from docs/openapi.json: don't edit it.`;

/** The operations that the SDK has methods for, by their ids. */
export function operationsOf({ paths }: OpenApi): Map<string, Operation & { method: string; path: string }> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const own = all.filter(({ tags }) => !tags.some((tag) => FACADES.has(tag)));
  return new Map(own.map((operation) => [operation.operationId, operation]));
}

/** The text of the SDK's types: one for each schema of the document, and one for the query of each operation. */
export async function apiTypes(document: OpenApi): Promise<string> {
  const schemas = Object.entries(document.components.schemas).filter(([name]) => !OF_FACADES.test(name));
  const all = [...schemas, ...queriesOf(document)];
  const definitions = Object.fromEntries(all.map(([name, one]) => [name, plain(one) as JSONSchema]));
  const text = await compile({ definitions, additionalProperties: false }, 'Root', {
    bannerComment: BANNER,
    additionalProperties: false,
    unreachableDefinitions: true,
    format: false,
  });
  const formatted = await format(text, { ...(await resolveConfig(FILE)), filepath: FILE });
  return formatted.replaceAll(ORIGIN, '').replace(ROOT_TYPE, '');
}

/** Where a type stands in the schema: of no use to those who read the types. */
const ORIGIN = /(?: \*\n)? \* This interface was referenced by .*\n \* via the .*\n/g;
/** The empty type that only holds the others together. */
const ROOT_TYPE = /^export interface Root \{\}\n/m;

/** `listEvents` with parameters in its query has `ListEventsQuery`. */
function queriesOf(document: OpenApi): [string, Json][] {
  return [...operationsOf(document).values()].flatMap(({ operationId, parameters = [] }) => {
    const inQuery = parameters.filter((one): one is Parameter => one.in === 'query');
    if (inQuery.length === 0) return [];
    const name = `${operationId[0]?.toUpperCase()}${operationId.slice(1)}Query`;
    const valueOf = ({ description, schema }: Parameter) => queryValue(document, schema, description);
    const properties = inQuery.map((one) => [one.name, valueOf(one)]);
    return [
      [
        name,
        { type: 'object', description: `The query of \`${operationId}\`.`, properties: Object.fromEntries(properties) },
      ],
    ] as [string, Json][];
  });
}

/** A query says `true` and `false` in letters; callers say it in TypeScript. */
function queryValue({ components }: OpenApi, schema: Json, description: string | undefined): Json {
  const named = components.schemas[String(schema['$ref']).split('/').at(-1) ?? ''];
  const value = String(named?.['enum']) === 'true,false' ? { type: 'boolean' } : schema;
  return { ...value, ...(description !== undefined && { description }) };
}

/** A schema, with no more than TypeScript can say of it. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name]) => !DROPPED.has(name));
  const own = Object.fromEntries(
    kept.map(([name, one]) => {
      if (name === '$ref') return [name, String(one).replace('#/components/schemas/', '#/definitions/')];
      // The names in here are those of fields.
      if (name === 'properties')
        return [name, Object.fromEntries(Object.entries(one as Json).map(([of, it]) => [of, plain(it)]))];
      return [name, plain(one)];
    }),
  );
  const tsType = typeOfAny(own);
  return tsType === undefined ? own : { ...own, tsType };
}

/** What the generator takes for an object, or for an empty one, and is any value or any object. */
function typeOfAny(schema: Json): string | undefined {
  const says = (...names: string[]) => names.some((name) => Object.hasOwn(schema, name));
  if (!says('type', '$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const')) return 'unknown';
  const isAnyObject = schema['type'] === 'object' && !says('properties', 'additionalProperties');
  return isAnyObject ? 'Record<string, unknown>' : undefined;
}
