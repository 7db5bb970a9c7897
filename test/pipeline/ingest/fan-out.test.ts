import { describe, expect } from 'vitest';
import { deliveryId, fanOutJobId } from '../../../lib/domain/ids.ts';
import { disableEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { listDeliveries } from '../../../lib/pipeline/history/delivery-lists.ts';
import { getDelivery, getEvent, listDeliveriesOfEvent } from '../../../lib/pipeline/history/history.ts';
import { allDeliveries } from '../../support/invariants.ts';
import { openEndpoints, plantEndpoints } from '../../support/many-endpoints.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT, World } from '../../support/world.ts';

const HOUR = 3_600_000;

const test = base
  .extend('settings', { inlineEndpoints: 10, endpointsPerPage: 20 })
  /** An event to 50 endpoints; only the deliveries of the first page have a record yet. */
  .extend('halfway', async ({ world, process }) => {
    const endpoints = await openEndpoints(world, 50);
    const { id } = await process.ingest(world.request());
    const job = await world.store.queues.receive('jobs', 10);
    await process.handle('jobs', job);
    for (let batch = 0; batch < 2; batch += 1) {
      await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
    }
    return { id, newestFirst: endpoints.map((endpoint) => endpoint.id).toReversed() };
  });

const jobOf = (world: World, eventId: string) => world.store.jobs.get(TENANT, fanOutJobId(eventId));

describe('the fan-out', () => {
  test('of an event that lists its endpoints itself sends at once, without a job', async ({ world, process }) => {
    await openEndpoints(world, 10);
    const { id, deliveries } = await process.ingest(world.request());
    expect([deliveries, world.count('deliveries'), world.count('jobs')]).toEqual([10, 10, 0]);
    expect(await jobOf(world, id)).toBeUndefined();
    expect((await world.store.events.get(TENANT, id))?.endpointPages).toBeUndefined();
  });

  test('of one endpoint more is a job, which sends page by page', async ({ world, process }) => {
    await openEndpoints(world, 11);
    const { id, deliveries } = await process.ingest(world.request());
    expect([deliveries, world.count('deliveries'), world.count('jobs')]).toEqual([11, 0, 1]);
    expect(await world.store.events.get(TENANT, id)).toMatchObject({
      endpointIds: [],
      endpointPages: { pages: 1, count: 11 },
    });
    await world.drain(process);
    expect(await jobOf(world, id)).toMatchObject({ kind: 'fan-out', status: 'done', processed: 11, step: 1 });
    expect((await allDeliveries(world)).map(({ status }) => status)).toEqual(Array(11).fill('delivered'));
  });

  test('makes one request to each of 250 endpoints', async ({ world, process }) => {
    const endpoints = await openEndpoints(world, 250);
    const { id } = await process.ingest(world.request());
    await world.drain(process);
    for (const { url } of endpoints) expect(world.customers.countsByEvent(url)).toEqual(new Map([[id, 1]]));
    expect(await jobOf(world, id)).toMatchObject({ status: 'done', processed: 250, step: 13 });
    expect((await jobOf(world, id))?.checkAt).toBeUndefined();
  });

  test('sends one page a step', async ({ world, process }) => {
    await openEndpoints(world, 50);
    await process.ingest(world.request());
    for (const sent of [20, 40, 50]) {
      const messages = await world.store.queues.receive('jobs', 10);
      await process.handle('jobs', messages);
      await world.store.queues.delete('jobs', messages);
      expect(world.count('deliveries')).toBe(sent);
    }
    expect(world.count('jobs')).toBe(0);
  });

  test('goes on after its message was lost', async ({ world, process }) => {
    await openEndpoints(world, 50);
    const { id } = await process.ingest(world.request());
    await world.store.queues.delete('jobs', await world.store.queues.receive('jobs', 10));
    await world.run(process, HOUR);
    expect(await jobOf(world, id)).toMatchObject({ status: 'done', processed: 50 });
    expect((await getEvent(world.ports, TENANT, id)).counts).toMatchObject({ delivered: 50, pending: 0 });
  });

  test('abandons what was disabled since the match, and sends nothing to endpoints made since', async ({
    world,
    process,
  }) => {
    const [first] = await openEndpoints(world, 30);
    const { id, deliveries } = await process.ingest(world.request());
    await disableEndpoint(world.ports, TENANT, first?.id ?? '');
    await openEndpoints(world, 5, 'late');
    await world.run(process, HOUR);
    expect(deliveries).toBe(30);
    expect((await getEvent(world.ports, TENANT, id)).counts).toMatchObject({ delivered: 29, abandoned: 1 });
  });
});

describe('the history of an event with pages', () => {
  test('counts all of them, with and without a record', async ({ world, halfway }) => {
    const { id } = halfway;
    expect((await getEvent(world.ports, TENANT, id)).counts).toMatchObject({ delivered: 20, pending: 30 });
  });

  test.for([1, 7, 20, 49, 50, 200])(
    'lists them in pages of %i without loss or repeat',
    async (limit, { world, halfway }) => {
      const { id, newestFirst } = halfway;
      for (const list of [
        (cursor?: string) => listDeliveriesOfEvent(world.ports, TENANT, id, { limit, ...(cursor && { cursor }) }),
        (cursor?: string) => listDeliveries(world.ports, TENANT, { limit, ...(cursor && { cursor }) }),
      ]) {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await list(cursor);
          expect(page.data.length).toBeLessThanOrEqual(limit);
          found.push(...page.data.map(({ delivery }) => delivery.endpointId));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(found).toEqual(newestFirst);
      }
    },
  );

  test('an endpoint’s own list and a delivery’s detail know the pending ones', async ({ world, halfway }) => {
    const { id, newestFirst } = halfway;
    const stranger = await world.endpoint({ url: 'https://stranger.example' });
    for (const [endpointId, status] of [
      [newestFirst[0], 'pending'],
      [newestFirst[20], 'pending'],
      [newestFirst[49], 'delivered'],
    ] as const) {
      if (endpointId === undefined) throw new Error('fewer endpoints than expected');
      const { data } = await listDeliveries(world.ports, TENANT, { endpointId, limit: 10 });
      expect(data.map(({ delivery }) => delivery.status)).toEqual([status]);
      const key = deliveryId({ eventId: id, endpointId, ordinal: 0 });
      expect((await getDelivery(world.ports, TENANT, key)).delivery.status).toBe(status);
    }
    expect((await listDeliveries(world.ports, TENANT, { endpointId: stranger.id, limit: 10 })).data).toEqual([]);
    const unmatched = deliveryId({ eventId: id, endpointId: stranger.id, ordinal: 0 });
    await expect(getDelivery(world.ports, TENANT, unmatched)).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('an event to 10,000 endpoints is accepted, counted and listed', async () => {
  using large = new World();
  const [first] = await openEndpoints(large, 1);
  const ids = Array.from({ length: 9_999 }, (_, n) => `ep_${String(n).padStart(26, '0')}`);
  if (!first) throw new Error('no endpoint');
  const others = ids.map((id, n) => ({ ...first, id, shard: n % 79 }));
  await plantEndpoints(large, others);
  const { id, deliveries } = await large.process().ingest(large.request());
  expect(deliveries).toBe(10_000);
  expect(await large.store.events.get(TENANT, id)).toMatchObject({ endpointPages: { pages: 20, count: 10_000 } });
  expect((await getEvent(large.ports, TENANT, id)).counts.pending).toBe(10_000);
  const page = await listDeliveriesOfEvent(large.ports, TENANT, id, { limit: 200 });
  expect(page.data).toHaveLength(200);
  expect(page.nextCursor).toBeDefined();
});
