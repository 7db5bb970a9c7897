import { describe, expect } from 'vitest';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { startEventReplay, startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { plantEndpoints } from '../../support/many-endpoints.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const DONE = '{"status":"done"}';

const post = (data: string, idempotencyKey?: string) => ({
  tenantId: TENANT,
  event: { type: 'task.completed', data },
  ...(idempotencyKey !== undefined && { idempotencyKey }),
});

/** How often an event was sent to each of these customers. */
function sent(world: World, eventId: string, urls: readonly string[]): number[] {
  return urls.map((url) => world.customers.countsByEvent(url).get(eventId) ?? 0);
}

describe('an endpoint with a filter', () => {
  test('gets the events whose data it lets through; the answer and the event count the others', async ({
    world,
    process,
  }) => {
    const urls = [
      (await world.endpointAnswering(200, { filter: DONE })).url,
      (await world.endpointAnswering(200, { filter: '{"status":"open"}' })).url,
      (await world.endpointAnswering(200, { events: ['other'], filter: '{"status":"open"}' })).url,
      (await world.endpointAnswering(200)).url,
    ];
    const { id, ...answer } = await process.ingest(post('{"status":"done","n":1}'));
    expect(answer).toEqual({ deliveries: 2, filtered: 1 });
    await world.run(process, HOUR);
    expect(sent(world, id, urls)).toEqual([1, 0, 0, 1]);
    expect(await world.ports.events.get(TENANT, id)).toMatchObject({ filtered: 1 });
  });

  test('costs nothing else: the same calls as without one, and nothing written of what is left out', async ({
    world,
  }) => {
    await world.endpointAnswering(200, { filter: DONE });
    const warm = world.process();
    await warm.ingest(post(DONE));
    warm.life.calls.length = 0;
    await warm.ingest(post(DONE));
    await warm.ingest(post('{}'));
    const passing = ['subscriptions.tenant', 'events.putUnlessExists', 'queues.send'];
    expect(warm.life.calls.map(({ port, method }) => `${port}.${method}`)).toEqual([
      ...passing,
      ...passing.slice(0, 2),
    ]);
  });

  test('is matched with another filter, and with none, from the answer of the edit on', async ({ world, process }) => {
    const { id } = await world.endpointAnswering(200, { filter: DONE });
    expect(await process.ingest(post('{}'))).toMatchObject({ deliveries: 0, filtered: 1 });
    await updateEndpoint(world.ports, TENANT, id, { filter: '{"status":{"$exist":false}}' });
    expect(await process.ingest(post('{}'))).toMatchObject({ deliveries: 1 });
    expect(await process.ingest(post(DONE))).toMatchObject({ deliveries: 0, filtered: 1 });
    await updateEndpoint(world.ports, TENANT, id, { filter: null });
    expect(await process.ingest(post(DONE))).toEqual({ id: expect.any(String), deliveries: 1 });
  });

  test('keeps what it was matched with: a filter decides once, when the event is accepted', async ({
    world,
    process,
  }) => {
    const { id: endpointId, url } = await world.endpointAnswering(200, { filter: DONE });
    const first = await process.ingest(post(DONE, 'key'));
    await updateEndpoint(world.ports, TENANT, endpointId, { filter: '{"status":"open"}' });
    expect(await process.ingest(post(DONE, 'key'))).toEqual(first);
    await world.run(process, HOUR);
    expect(sent(world, first.id, [url])).toEqual([1]);
  });

  test('has its change matched after a crash right after the endpoint was written', async ({ world }) => {
    const { id } = await world.endpointAnswering(200, { filter: DONE });
    const failing = world.process(undefined, async (call, run) => {
      if (call.method === 'putUnlessNewer') throw new Error('died');
      return run();
    });
    const edit = updateEndpoint(failing.ports, TENANT, id, { filter: '{"status":"open"}' });
    await expect(edit).rejects.toThrow('died');
    const process = world.process();
    await world.run(process, HOUR);
    expect(await process.ingest(post('{"status":"open"}'))).toMatchObject({ deliveries: 1 });
    expect(await process.ingest(post(DONE))).toMatchObject({ deliveries: 0, filtered: 1 });
  });
});

test('an event for more endpoints than it holds is sent to those alone whose filters let it through', async ({
  world,
  process,
}) => {
  const made = Array.from({ length: 240 }, (_, n) =>
    world.endpointAnswering(200, { filter: n % 2 === 0 ? DONE : `{"n":${n}}` }),
  );
  const urls = (await Promise.all(made)).map(({ url }) => url);
  const { id, ...answer } = await process.ingest(post('{"status":"done","n":7}'));
  expect(answer).toEqual({ deliveries: 121, filtered: 119 });
  await world.run(process, HOUR);
  expect(sent(world, id, urls)).toEqual(urls.map((_, n) => Number(n % 2 === 0 || n === 7)));
});

describe('an event that takes too many comparisons', () => {
  const small = `{"l":[${'{"a":1},'.repeat(300).slice(0, -1)}]}`;
  const large = `{"l":[${'{"a":1},'.repeat(30_000).slice(0, -1)}]}`;

  async function manyFilters(world: World): Promise<void> {
    const template = await world.endpointAnswering(200);
    const endpoints = Array.from({ length: 200 }, (_, n) => ({
      ...template,
      id: `ep_${String(n).padStart(26, '0')}`,
      filter: `{"l":{"a":${n + 2}}}`,
    }));
    await plantEndpoints(world, endpoints);
  }

  test('is refused before it claims its key, and a shorter one may have it', async ({ world, process }) => {
    await manyFilters(world);
    await expect(process.ingest(post(large, 'key'))).rejects.toMatchObject({ code: 'too-many-comparisons' });
    expect(await process.ingest(post(small, 'key'))).toMatchObject({ deliveries: 1, filtered: 200 });
  });

  test('is refused alone: the others of its batch are accepted', async ({ world, process }) => {
    await manyFilters(world);
    const results = await process.ingest.batch([post(small), post(large), post('{}', 'b')]);
    expect(results[0]).toMatchObject({ deliveries: 1, filtered: 200 });
    expect(results[1]).toMatchObject({ error: { code: 'too-many-comparisons' } });
  });
});

describe('a replay', () => {
  test('of a period sends an endpoint what its filter lets through now', async ({ world, process }) => {
    const { id: endpointId, url } = await world.endpointAnswering(200, { filter: '{"status":"none"}' });
    const [done] = [await process.ingest(post(DONE)), await process.ingest(post('{"status":"open"}'))];
    await updateEndpoint(world.ports, TENANT, endpointId, { filter: DONE });
    await startReplay(world.ports, TENANT, endpointId, { since: 0 });
    await world.run(process, HOUR);
    expect([...world.customers.countsByEvent(url)]).toEqual([[done.id, 1]]);
  });

  test('of an event goes to those whose filters let it through, and to any that is named', async ({
    world,
    process,
  }) => {
    const through = await world.endpointAnswering(200, { filter: DONE });
    const leftOut = await world.endpointAnswering(200, { filter: '{"status":"open"}' });
    const { id } = await process.ingest(post(DONE));
    await world.run(process, HOUR);
    await startEventReplay(world.ports, TENANT, id);
    await world.run(process, HOUR);
    expect(sent(world, id, [through.url, leftOut.url])).toEqual([2, 0]);
    await startEventReplay(world.ports, TENANT, id, [leftOut.id]);
    await world.run(process, HOUR);
    expect(sent(world, id, [through.url, leftOut.url])).toEqual([2, 1]);
  });
});
