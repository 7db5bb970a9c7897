import { expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Accepted, BatchResult } from '../../../lib/pipeline/ingest/ingest.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { openEndpoints } from '../../support/many-endpoints.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT, World } from '../../support/world.ts';

const HOUR = 3_600_000;

const SMALL_PAGES = { inlineEndpoints: 5, endpointsPerPage: 4 };
const test = base.extend('settings', SMALL_PAGES);

const keyed = (world: World, count: number) =>
  Array.from({ length: count }, (_, n) => world.request(`type.${n}`, `key-${n}`));
const events = (world: World) => world.store.events.page(TENANT, { limit: 1000 });
const accepted = (results: readonly BatchResult[]) => results.filter((result): result is Accepted => 'id' in result);
const errors = (results: readonly BatchResult[]) =>
  results.flatMap((result) => ('error' in result ? [result.error] : []));

test('a hundred events are matched with one reading, and their messages go out together', async ({
  world,
  process,
}) => {
  await openEndpoints(world, 3);
  const results = await process.ingest.batch(Array.from({ length: 100 }, () => world.request()));
  expect(accepted(results).map(({ deliveries }) => deliveries)).toEqual(Array(100).fill(3));
  expect(new Set(accepted(results).map(({ id }) => id)).size).toBe(100);
  const calls = (method: string) => process.life.calls.filter((call) => call.method === method).length;
  expect([calls('tenant'), calls('send'), calls('putUnlessExists')]).toEqual([1, 1, 100]);
  expect(world.count('deliveries')).toBe(300);
});

test('a batch may have events with few endpoints and with many', async ({ world, process }) => {
  await openEndpoints(world, 7);
  await world.endpointAnswering(200, { events: ['one.*'], projectId: 'p' });
  const many = world.request('many');
  const none = { ...world.request('one.done'), tenantId: 'org_other' };
  const results = accepted(await process.ingest.batch([many, none, many]));
  expect(results.map(({ deliveries }) => deliveries)).toEqual([7, 0, 7]);
  await world.run(process, HOUR);
  for (const { id } of [results[0], results[2]] as Accepted[]) {
    expect(world.customers.countsByEvent('https://customer-6.example/hook').get(id)).toBe(1);
  }
});

test('the results are in the order of the events, and a repeated key gets the same event', async ({
  world,
  process,
}) => {
  await openEndpoints(world, 2);
  const [a, b, c] = [world.request('a', 'key-1'), world.request('b', 'key-2'), world.request('c', 'key-1')];
  const results = await process.ingest.batch([a, b, a, c]);
  const [first, second, again, other] = results;
  expect(again).toEqual(first);
  expect(second).toMatchObject({ deliveries: 2 });
  expect(other).toMatchObject({ error: { code: 'idempotency-conflict' } });
  expect((await events(world)).map(({ type }) => type).toSorted()).toEqual(['a', 'b']);
});

test('fifty concurrent batches with the same keys make one event each and one request each', async ({
  world,
  process,
}) => {
  const [endpoint] = await openEndpoints(world, 1);
  const batches = Array.from({ length: 50 }, (_, n) => {
    const requests = keyed(world, 10);
    // Each in another order, so that batches hold keys that other batches want.
    return world.process().ingest.batch([...requests.slice(n % 10), ...requests.slice(0, n % 10)]);
  });
  const results = (await Promise.all(batches)).flat();
  expect(errors(results)).toEqual([]);
  expect(new Set(accepted(results).map(({ id }) => id)).size).toBe(10);
  expect(await events(world)).toHaveLength(10);
  await world.run(process, HOUR);
  expect([...world.customers.countsByEvent(endpoint?.url ?? '').values()]).toEqual(Array(10).fill(1));
});

test('when the queue fails no event counts as accepted, and each can be posted again', async ({ world, process }) => {
  const [endpoint] = await openEndpoints(world, 1);
  const down: Interceptor = (call, run) =>
    call.method === 'send' ? Promise.reject(new ServiceFault('the queue is down')) : run();
  const unmatched = { ...world.request('t', 'key-x'), tenantId: 'org_other' };
  const results = await world.process(undefined, down).ingest.batch([...keyed(world, 3), unmatched]);
  expect(errors(results)).toHaveLength(3);
  for (const error of errors(results)) expect(error).toBeInstanceOf(ServiceFault);
  // It has no endpoint, so no message that could be refused.
  expect(results[3]).toMatchObject({ deliveries: 0 });
  const kept = await events(world);
  const again = accepted(await process.ingest.batch(keyed(world, 3)));
  expect(again.map(({ id }) => id).toSorted()).toEqual(kept.map(({ id }) => id).toSorted());
  await world.run(process, HOUR);
  expect(world.customers.at(endpoint?.url ?? '')).toHaveLength(3);
});

test('an event that cannot be stored does not fail the others', async ({ world }) => {
  await openEndpoints(world, 1);
  let puts = 0;
  const second: Interceptor = (call, run) => {
    if (call.method === 'putUnlessExists') puts += 1;
    return call.method === 'putUnlessExists' && puts === 2 ? Promise.reject(new ServiceFault('throttled')) : run();
  };
  const results = await world.process(undefined, second).ingest.batch(keyed(world, 3));
  expect(results.map((result) => 'error' in result)).toEqual([false, true, false]);
  expect(world.count('deliveries')).toBe(2);
});

test('a batch whose process died is completed by the poster’s retry, at whatever call it died', async () => {
  const calls = await dyingAt(undefined);
  for (let index = 0; index < calls; index += 1) {
    for (const moment of ['before', 'after'] as const) await dyingAt({ index, moment });
  }
});

async function dyingAt(plan: { index: number; moment: 'before' | 'after' } | undefined): Promise<number> {
  using lived = new World(1, SMALL_PAGES);
  const endpoints = await openEndpoints(lived, 6);
  await lived.endpointAnswering(200, { events: ['few'], projectId: 'p' });
  const few = { ...lived.request('few', 'key-few'), tenantId: 'org_other' };
  const requests = [lived.request('many', 'key-many'), few, lived.request('more', 'key-more')];
  const first = lived.process(plan);
  await first.ingest.batch(requests).catch(() => undefined);
  const second = lived.process();
  const results = accepted(await second.ingest.batch(requests));
  expect(results, `dead ${plan?.moment} call ${plan?.index}`).toHaveLength(3);
  await lived.run(second, HOUR);
  expect(await lived.store.events.page(TENANT, { limit: 10 })).toHaveLength(2);
  for (const { url } of endpoints) expect([...lived.customers.countsByEvent(url).values()]).toEqual([1, 1]);
  return first.life.calls.length;
}
