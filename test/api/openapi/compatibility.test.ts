import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../../lib/api/openapi/document.ts';
import { breakingChanges } from './breaking-changes.ts';
import type { Json } from './schema-changes.ts';

const current = JSON.parse(JSON.stringify(openApi())) as Json;
const stored = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Json;

it('breaks no client of the document in docs/openapi.json', () => {
  expect(breakingChanges(stored, current)).toEqual([]);
});

it('is written down in docs/openapi.json', () => {
  expect(isDeepStrictEqual(stored, current), 'run `npm run openapi`').toBe(true);
});

/** A small document, with one operation that takes and answers a thing. */
function documentOf(change: (document: Small) => void = () => undefined): Json {
  const thing = () => ({
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 10 },
      kind: { type: 'string', enum: ['a', 'b'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      size: { type: ['integer', 'null'] },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['name'],
  });
  const document: Small = {
    paths: {
      '/things': {
        post: {
          operationId: 'createThing',
          parameters: [
            { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 200 } },
            { $ref: '#/components/parameters/Tenant' },
          ],
          requestBody: {
            required: false,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/ThingCreate' } } },
          },
          responses: {
            201: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
              headers: { ETag: {} },
            },
          },
        },
      },
    },
    components: {
      schemas: { ThingCreate: thing(), Thing: thing() },
      parameters: { Tenant: { name: 'Tenant', in: 'header', required: false, schema: { type: 'string' } } },
    },
  };
  change(document);
  return document as unknown as Json;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test changes any part of it
type Small = any;
const post = (document: Small) => document.paths['/things'].post;
const input = (document: Small) => document.components.schemas.ThingCreate;
const output = (document: Small) => document.components.schemas.Thing;

const BREAKING: [string, (document: Small) => unknown, string][] = [
  ['an operation that is gone', (d) => delete d.paths['/things'].post, 'POST /things: the operation was removed'],
  [
    'another name of an operation',
    (d) => (post(d).operationId = 'addThing'),
    'POST /things: the operation was named createThing',
  ],
  [
    'a parameter that is gone',
    (d) => post(d).parameters.shift(),
    'POST /things query limit: the parameter was removed',
  ],
  [
    'a shared parameter that is required now',
    (d) => (d.components.parameters.Tenant.required = true),
    'POST /things header Tenant: the parameter is required now',
  ],
  [
    'a lower maximum',
    (d) => (post(d).parameters[0].schema.maximum = 100),
    'POST /things query limit: maximum allows less: it was 200 and is 100',
  ],
  [
    'a body that is required now',
    (d) => (post(d).requestBody.required = true),
    'POST /things: the body is required now',
  ],
  ['a body that is gone', (d) => delete post(d).requestBody, 'POST /things: the body was removed'],
  [
    'a field of a request that is gone',
    (d) => delete input(d).properties.note,
    'POST /things body/note: the field was removed',
  ],
  [
    'a new required field of a request',
    (d) => input(d).required.push('kind'),
    'POST /things body/kind: the field is required now',
  ],
  [
    'a shorter text',
    (d) => (input(d).properties.name.maxLength = 5),
    'POST /things body/name: maxLength allows less: it was 10 and is 5',
  ],
  [
    'a new pattern',
    (d) => (input(d).properties.name.pattern = '^a'),
    'POST /things body/name: pattern allows less: it was absent and is "^a"',
  ],
  [
    'a value of an enum that is gone',
    (d) => input(d).properties.kind.enum.pop(),
    'POST /things body/kind: the value "b" was removed',
  ],
  [
    'an object that is closed now',
    (d) => (input(d).additionalProperties = false),
    'POST /things body: additionalProperties allows less: it was absent and is false',
  ],
  [
    'a field of a request that may not be null any more',
    (d) => input(d).properties.note.anyOf.pop(),
    'POST /things body/note: null was removed',
  ],
  [
    'a type of a request that is gone',
    (d) => input(d).properties.size.type.pop(),
    'POST /things body/size: type was ["integer","null"] and is ["integer"]',
  ],
  [
    'a type that an answer had not',
    (d) => output(d).properties.size.type.push('string'),
    'POST /things 201/size: type was ["integer","null"] and is ["integer","null","string"]',
  ],
  [
    'another type in a list',
    (d) => (output(d).properties.tags.items.type = 'integer'),
    'POST /things 201/tags[]: type was "string" and is "integer"',
  ],
  [
    'a field of an answer that is gone',
    (d) => delete output(d).properties.kind,
    'POST /things 201/kind: the field was removed',
  ],
  [
    'a field of an answer that may be absent now',
    (d) => output(d).required.pop(),
    'POST /things 201/name: the field may be absent now',
  ],
  [
    'a field of an answer that may be something else',
    (d) => output(d).properties.note.anyOf.push({ type: 'object' }),
    'POST /things 201/note: object was added',
  ],
  [
    'a value of an answer that is gone',
    (d) => output(d).properties.kind.enum.pop(),
    'POST /things 201/kind: the value "b" was removed',
  ],
  [
    'another type',
    (d) => (output(d).properties.name.type = 'integer'),
    'POST /things 201/name: type was "string" and is "integer"',
  ],
  [
    'another status',
    (d) => (post(d).responses = { 200: post(d).responses[201] }),
    'POST /things 201: the answer was removed',
  ],
  [
    'a header that is gone',
    (d) => delete post(d).responses[201].headers.ETag,
    'POST /things 201: the header ETag was removed',
  ],
  ['a schema of another name', (d) => rename(d), 'Thing: the schema was removed or renamed'],
];

function rename(document: Small): void {
  document.components.schemas.Item = output(document);
  delete document.components.schemas.Thing;
  post(document).responses[201].content['application/json'].schema.$ref = '#/components/schemas/Item';
}

const HARMLESS: [string, (document: Small) => unknown][] = [
  ['a new operation', (d) => (d.paths['/others'] = { get: { ...post(d), operationId: 'listOthers' } })],
  ['a new optional parameter', (d) => post(d).parameters.push({ name: 'q', in: 'query', required: false, schema: {} })],
  ['a new optional field of a request', (d) => (input(d).properties.length = { type: 'integer' })],
  ['a new field of an answer', (d) => (output(d).properties.length = { type: 'integer' })],
  ['a new value of an enum', (d) => output(d).properties.kind.enum.push('c')],
  ['a type that an answer has no longer', (d) => output(d).properties.size.type.pop()],
  ['a longer text', (d) => (input(d).properties.name.maxLength = 20)],
  ['a field of a request that is optional now', (d) => input(d).required.pop()],
  ['a new description', (d) => (output(d).description = 'A thing.')],
];

describe('a change that breaks clients', () => {
  it.each(BREAKING)('%s', (_, change, expected) => {
    expect(breakingChanges(documentOf(), documentOf(change))).toEqual([expected]);
  });
});

describe('a change that breaks none', () => {
  it.each([['no change', () => undefined] as (typeof HARMLESS)[number], ...HARMLESS])('%s', (_, change) => {
    expect(breakingChanges(documentOf(), documentOf(change))).toEqual([]);
  });
});
