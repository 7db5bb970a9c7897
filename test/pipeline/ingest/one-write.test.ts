import { expect, test } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { allDeliveries } from '../../support/invariants.ts';
import { World } from '../../support/world.ts';

const HOUR = 3_600_000;

function openWorld(): World {
  const world = new World();
  world.ports.events = world.eventsWithQueues;
  return world;
}

test('an event and its first messages are one write, whether it is posted alone or in a batch', async () => {
  using world = openWorld();
  await world.endpointAnswering([{ status: 200 }]);
  await world.endpointAnswering([{ status: 200 }]);
  const process = world.process();
  await process.ingest(world.request());
  await process.ingest.batch([world.request(), world.request()]);
  const methods = process.life.calls.map(({ port, method }) => `${port}.${method}`);
  expect(methods.filter((name) => name === 'events.putWithMessages')).toHaveLength(3);
  expect(methods).not.toContain('queues.send');
  await world.run(world.process(), HOUR);
  const deliveries = await allDeliveries(world);
  expect(deliveries.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'delivered'));
});

test('an event of a batch that cannot be stored is refused alone, and the others are sent', async () => {
  using world = openWorld();
  await world.endpointAnswering([{ status: 200 }]);
  let puts = 0;
  const second: Interceptor = async ({ method }, run) => {
    if (method === 'putWithMessages' && (puts += 1) === 2) throw new ServiceFault('down');
    return run();
  };
  const requests = [world.request(), world.request(), world.request()];
  const results = await world.process(undefined, second).ingest.batch(requests);
  expect(results.map((result) => 'error' in result)).toEqual([false, true, false]);
  expect(world.count('deliveries')).toBe(2);
});

test('an event without endpoints is put alone', async () => {
  using world = openWorld();
  const process = world.process();
  expect(await process.ingest(world.request())).toMatchObject({ deliveries: 0 });
  expect(process.life.calls.map(({ method }) => method)).toContain('putUnlessExists');
});
