import { describe, expect } from 'vitest';
import { DIALECT_NAMES } from '../../../lib/dialects/index.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import type { NewEndpoint } from '../../../lib/pipeline/endpoints/new-endpoint.ts';
import { editEndpoint } from '../../../lib/pipeline/endpoints/edit.ts';
import { attemptRequest } from '../../../lib/pipeline/history/attempt-request.ts';
import { deletePayload } from '../../../lib/pipeline/manual/delete-payload.ts';
import { pollEndpoint } from '../../support/consumer.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const TOKEN = 'token-of-the-customer';
const OWN_HEADER = 'value-of-the-header';
const TWICE = { retry: { delays: [60] } } as const;

/** Headers of a request that no secret has a part in. */
const OPEN = /^(content-type|traceparent|webhook-id|webhook-timestamp|.*(event|delivery|timestamp|id))$/;

const requestOf = (world: World, eventId: string, endpointId: string, number?: number) =>
  attemptRequest(world.ports, TENANT, deliveryId({ eventId, endpointId, ordinal: 0 }), number);

const SETTINGS: Partial<NewEndpoint>[] = [
  {},
  { alsoStandard: true },
  { headers: { 'x-own': OWN_HEADER }, auth: { type: 'bearer', token: TOKEN } },
];

describe.each(DIALECT_NAMES)('the request of an attempt in %s', (dialect) => {
  test.for(SETTINGS)(
    'is what the customer received, but for what is made with a secret: %j',
    async (settings, { world, process, post }) => {
      const endpoint = await world.endpointAnswering(500, { ...TWICE, ...settings, dialect });
      const eventId = await post();
      await world.run(process, HOUR);
      const received = world.customers.at(endpoint.url);
      expect(received).toHaveLength(2);
      for (const [nth, { headers, body }] of received.entries()) {
        const shown = await requestOf(world, eventId, endpoint.id, nth + 1);
        expect(Buffer.from(shown.body).toString()).toBe(body);
        expect(Object.keys(shown.headers).toSorted()).toEqual(Object.keys(headers).toSorted());
        for (const [name, value] of Object.entries(shown.headers)) {
          if (value !== undefined) expect(value, name).toBe(headers[name]);
          else expect(name).not.toMatch(OPEN);
        }
        const values = Object.values(shown.headers).join(' ');
        for (const [name, value] of Object.entries(headers)) {
          if (/signature|authorization|x-own/.test(name)) expect(values).not.toContain(value);
        }
      }
    },
  );
});

test('asymmetric signatures are left out like others', async ({ world, process, post }) => {
  const endpoint = await world.endpointAnswering(200, { asymmetricSigning: true });
  const eventId = await post();
  await world.drain(process);
  const [received] = world.customers.at(endpoint.url);
  expect(received?.headers['webhook-signature']).toContain('v1a,');
  const { headers } = await requestOf(world, eventId, endpoint.id);
  expect(headers).toMatchObject({ 'webhook-id': eventId, 'webhook-signature': undefined });
});

test('the newest attempt is shown where none is named, and before the first one what it would be', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering([500, 200], TWICE);
  const eventId = await post();
  expect(await requestOf(world, eventId, endpoint.id)).toMatchObject({ attempt: undefined, endpointChanged: false });
  await world.run(process, HOUR);
  expect((await requestOf(world, eventId, endpoint.id)).attempt?.number).toBe(2);
  await expect(requestOf(world, eventId, endpoint.id, 3)).rejects.toMatchObject({ code: 'not-found' });
});

test('a change of the endpoint after the attempt is said', async ({ world, process, post }) => {
  const endpoint = await world.endpointAnswering(200);
  const eventId = await post();
  await world.drain(process);
  expect((await requestOf(world, eventId, endpoint.id)).endpointChanged).toBe(false);
  await world.clock.advance(1000);
  await editEndpoint(world.ports, TENANT, endpoint.id, { label: 'Another' });
  expect((await requestOf(world, eventId, endpoint.id)).endpointChanged).toBe(true);
});

test('nothing is written where nothing can be: an erased payload, an expired event, an endpoint that is polled', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering(200);
  const eventId = await post();
  await world.drain(process);
  await deletePayload(world.ports, TENANT, eventId);
  await expect(requestOf(world, eventId, endpoint.id)).rejects.toMatchObject({ code: 'payload-deleted' });
  const polled = await pollEndpoint(world);
  await expect(requestOf(world, await post(), polled.id)).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(
    attemptRequest(world.ports, 'another', deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 }), 1),
  ).rejects.toMatchObject({ code: 'not-found' });
});
