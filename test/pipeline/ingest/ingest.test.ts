import { expect } from 'vitest';
import { deleteEndpoint, disableEndpoint, enableEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { newId } from '../../../lib/domain/ids.ts';
import { plantEndpoints } from '../../support/many-endpoints.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const HOUR = 3_600_000;

test('fifty concurrent posts with one key make one event and one request', async ({ world, process }) => {
  const { url } = await world.endpointAnswering(200);
  const posts = Array.from({ length: 50 }, () => world.process().ingest(world.request('task.completed', 'key')));
  const answers = await Promise.all(posts);
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(new Set(answers.map(({ deliveries }) => deliveries))).toEqual(new Set([1]));
  await world.run(process, HOUR);
  expect(world.customers.at(url)).toHaveLength(1);
});

test('the same key with another body is a conflict, in whatever order the members stand it is the same', async ({
  world,
  process,
}) => {
  await world.endpointAnswering(200);
  const request = (data: string) => ({ tenantId: TENANT, event: { type: 't', data }, idempotencyKey: 'key' });
  const first = await process.ingest(request('{"a":1,"b":2}'));
  expect(await process.ingest(request('{"b":2,"a":1}'))).toEqual(first);
  await expect(process.ingest(request('{"a":1,"b":3}'))).rejects.toMatchObject({
    code: 'idempotency-conflict',
  });
});

test('the same key a day later is a new event', async ({ world, process }) => {
  const first = await process.ingest(world.request('t', 'key'));
  await world.clock.advance(24 * 3_600_000 + 1);
  expect((await process.ingest(world.request('t', 'key'))).id).not.toBe(first.id);
});

test('a repeat of a post that is stuck is answered at once, and delivers', async ({ world, process }) => {
  const { url } = await world.endpointAnswering(200);
  const stuck = world.process(undefined, (call, run) => (call.port === 'queues' ? new Promise(() => {}) : run()));
  void stuck.ingest(world.request('t', 'key'));
  await world.clock.advance(10);
  const { id } = await process.ingest(world.request('t', 'key'));
  await world.run(process, HOUR);
  expect(world.customers.countsByEvent(url)).toEqual(new Map([[id, 1]]));
});

test('a repeat sends late, so that a first request that takes 30 s is not made twice', async ({ world, process }) => {
  const { id: endpointId, url } = await world.endpointAnswering(200, { timeoutSeconds: 30 });
  const waiting = world.process(undefined, async (call, run) => {
    const answer = await run();
    if (call.port === 'sender') await world.clock.sleep(30_000);
    return answer;
  });
  const { id } = await process.ingest(world.request('t', 'key'));
  const first = world.drain(waiting);
  await world.clock.advance(10);
  for (let repeats = 0; repeats < 3; repeats += 1) await world.process().ingest(world.request('t', 'key'));
  await world.run(process, HOUR);
  await first;
  expect(world.customers.at(url)).toHaveLength(1);
  expect((await world.delivery(id, endpointId))?.status).toBe('delivered');
});

test('an event posted right after its endpoint was created, enabled or deleted knows of it', async ({
  world,
  process,
}) => {
  const url = world.customers.open('a', () => 200);
  expect((await process.ingest(world.request())).deliveries).toBe(0);
  const { id } = await world.endpoint({ url });
  expect((await process.ingest(world.request())).deliveries).toBe(1);
  await disableEndpoint(world.ports, TENANT, id);
  expect((await process.ingest(world.request())).deliveries).toBe(0);
  await enableEndpoint(world.ports, TENANT, id);
  expect((await process.ingest(world.request())).deliveries).toBe(1);
  await deleteEndpoint(world.ports, TENANT, id);
  expect((await process.ingest(world.request())).deliveries).toBe(0);
});

test('an event that was accepted before a disable is not sent after the enable', async ({ world, process }) => {
  const endpoint = await world.endpointAnswering(200);
  const { id } = await process.ingest(world.request());
  await world.clock.advance(1);
  await disableEndpoint(world.ports, TENANT, endpoint.id);
  await enableEndpoint(world.ports, TENANT, endpoint.id);
  await world.drain(process);
  expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'disabled' });
  expect(world.customers.at(endpoint.url)).toHaveLength(0);
});

test('another tenant has other endpoints', async ({ world, process }) => {
  await world.endpointAnswering(200);
  const answer = await process.ingest({ tenantId: 'org_other', event: { type: 't', data: '1' } });
  expect(answer.deliveries).toBe(0);
});

test('a tenant can have 10,000 endpoints and is told so', async ({ world, process }) => {
  const first = await world.endpointAnswering(200);
  const ids = { now: () => world.clock.now(), fraction: () => world.random.fraction() };
  const others = Array.from({ length: 9_999 }, (_, n) => ({ ...first, id: newId('ep', ids), shard: n % 79 }));
  await plantEndpoints(world, others);
  await expect(world.endpoint({ url: 'https://one.more' })).rejects.toMatchObject({
    code: 'too-many-endpoints',
  });
  expect((await process.ingest(world.request())).deliveries).toBe(10_000);
  await deleteEndpoint(world.ports, TENANT, first.id);
  await world.endpoint({ url: 'https://one.more' });
});
