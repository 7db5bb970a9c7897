import { expect, test } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Interceptor, PortCall } from '../../support/fault-injection.ts';
import { TENANT, World } from '../../support/world.ts';

/** A world whose store has both the events and the queues, as that of one process. */
function oneStore(): World {
  const world = new World(1, { inlineEndpoints: 2, endpointsPerPage: 2 });
  world.ports.acceptance = world.acceptance;
  return world;
}

function watching(): { calls: PortCall[]; around: Interceptor } {
  const calls: PortCall[] = [];
  return { calls, around: (call, run) => (calls.push(call), run()) };
}

const writesIn = (calls: readonly PortCall[]) =>
  calls.filter(({ port }) => ['events', 'queues', 'acceptance', 'jobs'].includes(port)).map(({ method }) => method);

test('an event and its first messages are one write', async () => {
  using world = oneStore();
  const { url } = await world.endpointAnswering(200);
  const { calls, around } = watching();
  const { id } = await world.process(undefined, around).ingest(world.request());
  expect(writesIn(calls)).toEqual(['putAndSendUnlessExists']);
  await world.run(world.process(), 60_000);
  expect(world.customers.countsByEvent(url).get(id)).toBe(1);
});

test('the events of a batch take a write each, and no message is sent twice', async () => {
  using world = oneStore();
  const { url } = await world.endpointAnswering(200);
  const { calls, around } = watching();
  const posted = await world.process(undefined, around).ingest.batch([world.request(), world.request()]);
  expect(writesIn(calls)).toEqual(['putAndSendUnlessExists', 'putAndSendUnlessExists']);
  await world.run(world.process(), 60_000);
  const ids = posted.map((one) => ('id' in one ? one.id : ''));
  for (const id of ids) expect(world.customers.countsByEvent(url).get(id)).toBe(1);
});

test('an event whose endpoints are in pages is put first, and a job sends its messages', async () => {
  using world = oneStore();
  const urls = [];
  for (let n = 0; n < 3; n += 1) urls.push((await world.endpointAnswering(200)).url);
  const { calls, around } = watching();
  const { id } = await world.process(undefined, around).ingest(world.request());
  expect(writesIn(calls)).toContain('putUnlessExists');
  expect(writesIn(calls)).not.toContain('putAndSendUnlessExists');
  await world.run(world.process(), 60_000);
  for (const url of urls) expect(world.customers.countsByEvent(url).get(id)).toBe(1);
});

test('a write that fails keeps nothing of the event, and the post is not accepted', async () => {
  using world = oneStore();
  await world.endpointAnswering(200);
  const failing: Interceptor = async (call, run) => {
    if (call.port === 'acceptance') throw new ServiceFault('the store fails');
    return run();
  };
  await expect(world.process(undefined, failing).ingest(world.request())).rejects.toThrow(ServiceFault);
  expect(await world.store.events.page(TENANT, { limit: 10 })).toEqual([]);
  expect(await world.store.queues.receive('deliveries', 10)).toEqual([]);
});
