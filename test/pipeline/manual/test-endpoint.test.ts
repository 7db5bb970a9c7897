import { describe, expect } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import type { EventType } from '../../../lib/domain/event-type.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { disableEndpoint, pauseEndpoint, revokeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { listDeliveries } from '../../../lib/pipeline/history/delivery-lists.ts';
import { startBulkRetry, startEventReplay, startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { awaitFirstAttempt, testEndpoint } from '../../../lib/pipeline/manual/test-endpoint.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const test = base.extend(
  'sendTest',
  ({ world }) =>
    ({ id }: Endpoint, type?: string, key?: string) =>
      testEndpoint(world.ports, TENANT, id, {
        type,
        eventTypePolicy: {},
        keyed: key === undefined ? undefined : { key, call: 'test', hash: 'hash' },
      }),
);

const entry = (type: string, more: Partial<EventType> = {}): EventType => ({
  tenantId: TENANT,
  type,
  description: 'An entry',
  isDeprecated: false,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});

describe('a test of an endpoint', () => {
  test('reaches that endpoint only, signed like any other event, and is marked as a test', async ({
    world,
    process,
    sendTest,
  }) => {
    const other = await world.endpointAnswering(200);
    const meant = await world.endpointAnswering(200, { events: ['task.completed'], projectId: 'proj_1' });
    const key = await sendTest(meant);
    await world.drain(process);
    const [request, ...more] = world.customers.at(meant.url);
    expect([more.length, world.customers.at(other.url).length]).toEqual([0, 0]);
    expect(request?.headers).toMatchObject({ 'webhook-id': key.eventId, 'webhook-signature': expect.any(String) });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'task.completed',
      data: { message: expect.any(String) },
    });
    const event = await world.store.events.get(TENANT, key.eventId);
    expect(event).toMatchObject({ isTest: true, endpointIds: [meant.id], project: { id: 'proj_1' } });
    const { data } = await listDeliveries(world.ports, TENANT, { limit: 10, endpointId: meant.id });
    expect(data.map(({ delivery }) => delivery)).toMatchObject([{ isTest: true, status: 'delivered' }]);
  });

  test('is marked while it has no record, too', async ({ world, sendTest }) => {
    await sendTest(await world.endpointAnswering(200));
    const { data } = await listDeliveries(world.ports, TENANT, { limit: 10 });
    expect(data.map(({ delivery }) => delivery)).toMatchObject([{ isTest: true, status: 'pending', revision: 0 }]);
  });

  test('sends the example of the catalogue: the tenant’s, or else the platform’s', async ({ world, sendTest }) => {
    const endpoint = await world.endpointAnswering(200);
    const dataOf = async (type: string) =>
      (await world.store.events.get(TENANT, (await sendTest(endpoint, type)).eventId))?.data;
    const { tenantId: _, ...shared } = entry('task.done', { example: '{"of":"the platform"}' });
    await world.store.eventTypes.putUnlessExists(shared);
    expect(await dataOf('task.done')).toBe('{"of":"the platform"}');
    await world.store.eventTypes.putUnlessExists(entry('task.done', { example: '{"of":"the tenant"}' }));
    expect(await dataOf('task.done')).toBe('{"of":"the tenant"}');
  });

  test.for([
    [['task.completed', 'a.*'], 'task.completed'],
    [['task.*'], 'task.catalogued'],
    [['@Tasks'], 'task.catalogued'],
    [['deploy.*'], 'deploy.test'],
    [['@None'], 'test.event'],
  ] as const)('of %s is of the type %s', async ([events, type], { world, sendTest }) => {
    await world.store.eventTypes.putUnlessExists(entry('task.a', { category: 'Tasks', isDeprecated: true }));
    await world.store.eventTypes.putUnlessExists(entry('task.catalogued', { category: 'Tasks' }));
    const { eventId } = await sendTest(await world.endpointAnswering(200, { events: [...events] }));
    expect(await world.store.events.get(TENANT, eventId)).toMatchObject({ type });
  });

  test('of everything is of the first type that its dialect documents, where the catalogue is empty', async ({
    world,
    sendTest,
  }) => {
    const { eventId } = await sendTest(await world.endpointAnswering(200, { dialect: 'veriswarm' }));
    expect(await world.store.events.get(TENANT, eventId)).toMatchObject({ type: 'decision.checked' });
  });

  test('of an unknown type is refused where the tenant’s events are', async ({ world, sendTest }) => {
    const endpoint = await world.endpointAnswering(200);
    await world.store.subscriptions.setEventTypePolicy(TENANT, { refusesUnknown: true });
    await expect(sendTest(endpoint, 'task.compelted')).rejects.toMatchObject({ code: 'unknown-event-type' });
    expect(await world.store.events.page(TENANT, { limit: 10 })).toEqual([]);
  });

  test.for([
    ['paused', pauseEndpoint, 'resume it first'],
    ['disabled', disableEndpoint, 'enable it first'],
    ['revoked', revokeEndpoint, 'Create a new one'],
  ] as const)(
    'that is %s is refused, says what to do and keeps nothing',
    async ([, change, what], { world, sendTest }) => {
      const endpoint = await world.endpointAnswering(200);
      await change(world.ports, TENANT, endpoint.id);
      await expect(sendTest(endpoint)).rejects.toMatchObject({
        code: 'wrong-state',
        message: expect.stringContaining(what),
      });
      expect(await world.store.events.page(TENANT, { limit: 10 })).toEqual([]);
    },
  );

  test('is retried like any other event, and a manual retry of it is a test, too', async ({
    world,
    process,
    sendTest,
  }) => {
    const endpoint = await world.endpointAnswering([500, 500, 200], { retry: { delays: [1] } });
    const { eventId } = await sendTest(endpoint);
    await world.run(process, MINUTE);
    expect(await world.delivery(eventId, endpoint.id)).toMatchObject({ status: 'exhausted', isTest: true });
    const id = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 });
    expect((await retryDelivery(world.ports, TENANT, id)).delivery).toMatchObject({ ordinal: 1, isTest: true });
    await world.run(process, MINUTE);
    expect(await world.delivery(eventId, endpoint.id, 1)).toMatchObject({ status: 'delivered', isTest: true });
  });

  test('is sent again by no job: neither by a bulk retry nor by a replay', async ({ world, process, sendTest }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [] } });
    const { eventId } = await sendTest(endpoint);
    await world.run(process, MINUTE);
    await startBulkRetry(world.ports, TENANT, { status: 'exhausted' });
    await startReplay(world.ports, TENANT, endpoint.id, { since: 0, eventTypes: ['*'] });
    await expect(startEventReplay(world.ports, TENANT, eventId)).rejects.toMatchObject({ code: 'wrong-state' });
    await world.run(process, HOUR);
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
    expect(await world.delivery(eventId, endpoint.id, 1)).toBeUndefined();
  });

  test('with a key is one event, however often it is asked for', async ({ world, process, sendTest }) => {
    const endpoint = await world.endpointAnswering(200);
    const keys = await Promise.all(Array.from({ length: 10 }, () => sendTest(endpoint, undefined, 'key')));
    expect(new Set(keys.map(({ eventId }) => eventId)).size).toBe(1);
    await world.run(process, HOUR);
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
  });

  test('counts for the tenant’s quota', async ({ world, process, sendTest }) => {
    const endpoint = await world.endpointAnswering(200);
    await world.store.subscriptions.setQuota(TENANT, 2 / 60);
    await sendTest(endpoint);
    await sendTest(endpoint);
    await expect(sendTest(endpoint)).rejects.toMatchObject({ code: 'over-quota' });
    await expect(process.ingest(world.request())).rejects.toMatchObject({ code: 'over-quota' });
  });

  test('can be sent sixty times a minute, whatever the quota', async ({ world, sendTest }) => {
    const endpoint = await world.endpointAnswering(200);
    for (let n = 0; n < 60; n += 1) await sendTest(endpoint);
    await expect(sendTest(endpoint)).rejects.toMatchObject({ code: 'over-quota', retryAfterSeconds: 60 });
    await world.clock.advance(MINUTE);
    await sendTest(endpoint);
  });
});

describe('waiting for the answer to a test', () => {
  test('ends with the first attempt, whatever the receiver says', async ({ world, process, sendTest }) => {
    const key = await sendTest(await world.endpointAnswering(503));
    const waited = awaitFirstAttempt(world.ports, key);
    await world.drain(process);
    await world.clock.advance(1000);
    expect(await waited).toBe(true);
  });

  test('ends after ten seconds, with some fifteen reads', async ({ world, sendTest }) => {
    let reads = 0;
    const counted = world.process(undefined, async ({ method }, run) => {
      if (method === 'get') reads += 1;
      return run();
    });
    const key = await sendTest(await world.endpointAnswering(200));
    const before = world.clock.now();
    let ended: boolean | undefined;
    void awaitFirstAttempt(counted.ports, key).then((value) => (ended = value));
    await world.clock.advance(9999);
    expect(ended).toBeUndefined();
    await world.clock.advance(1);
    expect([ended, world.clock.now() - before]).toEqual([false, 10_000]);
    expect(reads).toBeLessThanOrEqual(16);
  });
});
