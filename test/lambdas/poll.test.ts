import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../lambdas/poll.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { POLL_URL } from '../../lib/domain/endpoint.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { acceptedEvent } from './accepted-event.ts';
import { apiEvent } from './calls.ts';

let aws: EmulatedAws;
beforeAll(async () => {
  aws = await startEmulatedAws(new MemoryLog());
}, 60_000);
afterAll(() => aws.stop());

// Until then another function may write one that stands before it, and a consumer has moved on.
test('an entry is given a second after its writing, and not before', async () => {
  const clock = new VirtualClock();
  const deployment = { ...aws.deployment, clock };
  const { event, pointer } = await acceptedEvent(deployment, { kind: 'poll', url: POLL_URL });
  const entry = { ...pointer, writtenAt: clock.now(), eventType: event.type };
  await openStore(deployment, 'config', 'log').polls.add([entry]);
  const handler = createHandler(deployment);
  const key = { key_id: 'key_1', tenant_id: event.tenantId, scopes: 'endpoints:poll' };
  const parts = { pathParameters: { id: pointer.endpointId }, queryStringParameters: { consumer: 'c' } };
  const given = async () => {
    const call = apiEvent('GET /v1/endpoints/{id}/poll', parts, key);
    const { statusCode, body } = await handler(call, lambdaContext('poll', 10_000));
    expect(statusCode, body).toBe(200);
    return (JSON.parse(body ?? '') as { data: { event_id: string }[] }).data.map(({ event_id: id }) => id);
  };
  await clock.advance(999);
  expect(await given()).toEqual([]);
  await clock.advance(1);
  expect(await given()).toEqual([event.id]);
});
