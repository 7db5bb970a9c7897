import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import { type Endpoint, type EventPost, type KnownProblemCode, Postrider } from '@postrider/sdk';
import type { ErrorCode } from '../../../lib/domain/errors.ts';
import { FILE, apiTypes, operationsOf } from './api-types.ts';
import { callsOf } from './every-call.ts';

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Parameters<typeof apiTypes>[0];

test('the types of the SDK are those of docs/openapi.json', async () => {
  expect(readFileSync(FILE, 'utf8') === (await apiTypes(document)), 'run `npm run openapi`').toBe(true);
});

test('a schema that says any value is any value, and a field that may be missing is optional', () => {
  expectTypeOf<EventPost['data']>().toEqualTypeOf<unknown>();
  expectTypeOf<EventPost['external_id']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Endpoint['label']>().toEqualTypeOf<string | null>();
});

test('each operation of the API has one method, which makes that call', async () => {
  const wanted = [...operationsOf(document).values()].map(({ method, path }) => `${method} ${path}`);
  const calls: string[] = [];
  const client = new Postrider({
    apiKey: 'prk_x',
    baseUrl: 'http://127.0.0.1',
    async fetch(input, init) {
      calls.push(`${init?.method} ${new URL(String(input)).pathname}`);
      return new Response('{"data":[{"id":"evt_x","deliveries":0}],"next_cursor":null,"status":"done"}');
    },
  });
  await callsOf(client);
  // What a test gives for an id is the name of the path's parameter.
  const made = calls.map((call) => decodeURIComponent(call));
  expect(made.toSorted(), 'add the method to sdk/src/resources/, and a call of it to every-call.ts').toEqual(
    wanted.toSorted(),
  );
});

test('the codes of problems are those that the service has', () => {
  expectTypeOf<KnownProblemCode>().toEqualTypeOf<ErrorCode | 'internal' | 'unavailable'>();
});
