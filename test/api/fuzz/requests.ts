import * as fc from 'fast-check';
import { openApi } from '../../../lib/api/openapi/document.ts';
import type { Route } from '../../../lib/api/route.ts';
import { type Json, junk, spoiled, valuesOf } from './values.ts';

/** A request as it goes over the wire. */
export interface Sent {
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** Ids that are there, by the folder of their paths. */
export type Known = Readonly<Record<string, readonly string[]>>;

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Json;
}

const document = openApi();
const components = document.components.schemas;
const sharedParameters = document.components.parameters as unknown as Record<string, Parameter>;

/** Requests to an operation: some as the document asks for them, some with something wrong. */
export function requestsTo(route: Route, known: Known): fc.Arbitrary<Sent> {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()] as Json;
  const parameters = ((operation['parameters'] ?? []) as (Parameter & { $ref?: string })[]).map((one) =>
    one.$ref ? (sharedParameters[one.$ref.split('/').at(-1) as string] as Parameter) : one,
  );
  const inPlace = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      path: paths(route.path, inPlace('path'), known),
      query: fc.oneof({ weight: 3, arbitrary: texts(inPlace('query'), known) }, { weight: 1, arbitrary: junkTexts }),
      headers: texts(inPlace('header'), known),
      // A client of Fetch sends none with a GET.
      body: route.method === 'GET' ? fc.constant(undefined) : bodies(operation, known),
    })
    .map(({ path, query, headers, body }) => ({
      path: `${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : ''}`,
      ...withBody(headers, body),
    }));
}

function withBody(headers: Record<string, string>, body: Body | undefined): Omit<Sent, 'path'> {
  if (!body) return { headers };
  return { headers: { 'content-type': body.type, ...headers }, body: body.content };
}

function paths(path: string, parameters: Parameter[], known: Known): fc.Arbitrary<string> {
  const ids = known[path.split('/')[2] as string] ?? [];
  const [id] = parameters;
  if (!id) return fc.constant(path);
  const odd = fc
    .string({ minLength: 1, maxLength: 300 })
    .filter((text) => !/^\.{1,2}$/.test(text) && text.isWellFormed());
  const made = valuesOf(id.schema, components) as fc.Arbitrary<string>;
  const choice = fc.oneof(
    ...(ids.length > 0 ? [{ weight: 6, arbitrary: fc.constantFrom(...ids) }] : []),
    { weight: 1, arbitrary: made },
    { weight: 1, arbitrary: odd },
  );
  return choice.map((value) => path.replace(/\{\w+\}/, () => encodeURIComponent(value)));
}

/** Each parameter present or not; mostly all with values that they may have. */
function texts(parameters: Parameter[], known: Known): fc.Arbitrary<Record<string, string>> {
  const firstPage = parameters.filter(({ name }) => name !== 'cursor');
  const good = recordOf(firstPage, ({ name, schema }) => meant(name, schema, known));
  const paged = recordOf(parameters, ({ name, schema }) => meant(name, schema, known));
  const odd = recordOf(parameters, () => junk);
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 1, arbitrary: paged },
    { weight: 2, arbitrary: fc.tuple(good, odd).map(([a, b]) => ({ ...a, ...b })) },
  );
}

/** Mostly ids that are there: an unknown one ends the call early. */
function meant(name: string, schema: Json, { endpoints = [] }: Known): fc.Arbitrary<unknown> {
  const there = name === 'endpoint_id' ? endpoints : name === 'Postrider-Tenant' ? ['default'] : [];
  const values = valuesOf(schema, components);
  if (there.length === 0) return values;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...there) }, { weight: 1, arbitrary: values });
}

function recordOf(
  parameters: Parameter[],
  valueOf: (parameter: Parameter) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, string>> {
  const entries = parameters.map((parameter) => {
    const text = valueOf(parameter).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    return [parameter.name, text.filter(parameter.in === 'header' ? isHeaderValue : isQueryValue)] as const;
  });
  // Few at a time: with many, one that is refused hides what the others do.
  return fc
    .subarray(entries, { minLength: Math.min(entries.length, 1), maxLength: Math.min(entries.length, 3) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)) as fc.Arbitrary<Record<string, string>>);
}

function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e\xa0-\xff]*$/.test(text);
}

/** A longer one is stopped by the HTTP server, before there is a route. */
function isQueryValue(text: string): boolean {
  return text.isWellFormed() && text.length <= 1000;
}

const junkTexts = fc.dictionary(
  fc.constantFrom('limit', 'cursor', 'since', 'until', 'status', 'tenant_id', 'x', '__proto__', 'constructor'),
  fc.oneof(
    fc.constantFrom('', '0', '-1', '1e3', '201', 'NaN', '1,2', 'null', 'W10', 'Infinity'),
    fc.string({ maxLength: 30 }),
  ),
  { maxKeys: 2 },
);

interface Body {
  type: string;
  content: string | Uint8Array<ArrayBuffer>;
}

function bodies(operation: Json, known: Known): fc.Arbitrary<Body | undefined> {
  const { requestBody } = operation as { requestBody?: { content: { 'application/json': { schema: Json } } } };
  const schema = requestBody?.content['application/json'].schema;
  if (!schema)
    return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: brokenBodies });
  const values = valuesOf(schema, components).map((value) => aboutKnown(value, known));
  const json = fc.oneof({ weight: 4, arbitrary: values }, { weight: 4, arbitrary: spoiled(values) });
  const asJson = json.map((value) => ({ type: 'application/json', content: JSON.stringify(value) }));
  return fc.oneof({ weight: 9, arbitrary: asJson }, { weight: 1, arbitrary: brokenBodies });
}

/** A body that names endpoints names some that are there. */
function aboutKnown(value: unknown, { endpoints = [] }: Known): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { endpoint_id: one, endpoint_ids: some } = value as Json;
  return {
    ...value,
    ...(one !== undefined && { endpoint_id: endpoints[0] }),
    ...(some !== undefined && { endpoint_ids: endpoints.slice(0, 2) }),
  };
}

/** What is no JSON object at all, or says that it is something else. */
const brokenBodies: fc.Arbitrary<Body | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    type: fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/x-www-form-urlencoded',
      '',
    ),
    content: fc.oneof(
      fc.constantFrom(
        '',
        '{',
        '[]',
        'null',
        '{"a":1',
        '{"type":"a","type":"b","data":1e400}',
        `${'['.repeat(5000)}${']'.repeat(5000)}`,
      ),
      fc.constantFrom(
        '{"__proto__":{}}',
        '{"data":1,"type":"a","__proto__":1}',
        '"\\ud800"',
        '{"type":"a","data":"\\u0000"}',
      ),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes)),
    ),
  }),
);
