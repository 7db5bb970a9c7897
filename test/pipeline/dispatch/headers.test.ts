import { expect } from 'vitest';
import { editEndpoint } from '../../../lib/pipeline/endpoints/edit.ts';
import { deleteEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { TENANT } from '../../support/world.ts';
import { test } from '../../support/pipeline-test.ts';

test('each request has the headers of its endpoint, opened only then', async ({ world, process, post }) => {
  const headers = { 'x-tag': 'a tag', 'x-other': 'another' };
  const auth = { type: 'bearer', token: 'a-token' } as const;
  const endpoint = await world.endpointAnswering(200, { headers, auth });
  expect(JSON.stringify(endpoint)).not.toMatch(/a tag|another|a-token/);
  await post();
  await world.drain(process);
  expect(world.customers.at(endpoint.url)[0]?.headers).toMatchObject({ ...headers, authorization: 'Bearer a-token' });
});

test.for([
  [{ type: 'basic', username: 'me', password: 'pässword' }, 'authorization', 'Basic bWU6cMOkc3N3b3Jk'],
  [{ type: 'header', name: 'X-Api-Key', value: 'a key' }, 'x-api-key', 'a key'],
] as const)('%j is sent as %s', async ([auth, name, value], { world, process, post }) => {
  const { url } = await world.endpointAnswering(200, { auth });
  await post();
  await world.drain(process);
  expect(world.customers.at(url)[0]?.headers[name]).toBe(value);
});

test('what authenticates goes before a header of the same name', async ({ world, process, post }) => {
  const { id, url, headers } = await world.endpointAnswering(200, { headers: { authorization: 'old' } });
  const { endpoint: edited } = await editEndpoint(world.ports, TENANT, id, {
    headers: {},
    auth: { type: 'bearer', token: 'new' },
  });
  // Nobody can make such an endpoint any more; it may have been made before.
  const both = { ...edited, headers, generation: edited.generation + 1 };
  await world.store.endpoints.replaceIfGeneration(both as typeof edited, edited.generation);
  await post();
  await world.drain(process);
  expect(world.customers.at(url)[0]?.headers['authorization']).toBe('Bearer new');
});

test('a value opens for its own endpoint and use alone', async ({ world, process, post }) => {
  const auth = { type: 'bearer', token: 'a-token' } as const;
  const first = await world.endpointAnswering(200, { auth });
  const second = await world.endpointAnswering(200, { auth });
  const moved = { ...second, generation: 2, auth: first.auth };
  await world.store.endpoints.replaceIfGeneration(moved as typeof second, 1);
  await post();
  await world.drain(process);
  expect(world.customers.at(first.url)).toHaveLength(1);
  expect(world.customers.at(second.url)).toHaveLength(0);
});

test.for([
  ['https://customer.example/hooks/1?token=abc#x', 'https://customer.example/hooks/1'],
  ['https://hooks.slack.com/services/T1/B1/secret', 'https://hooks.slack.com/'],
] as const)('the tombstone of %s holds no secret', async ([url, left], { world }) => {
  const { id } = await world.endpoint({ url, headers: { 'x-a': 'b' }, auth: { type: 'bearer', token: 't' } });
  await deleteEndpoint(world.ports, TENANT, id);
  const tombstone = await world.store.endpoints.get(TENANT, id);
  expect(tombstone).toMatchObject({ url: left, secrets: [] });
  for (const field of ['headers', 'auth', 'standardSecrets']) expect(tombstone).not.toHaveProperty(field);
});
