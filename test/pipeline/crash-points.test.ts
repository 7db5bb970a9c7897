import { expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { disableEndpoint, pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoint-changes.ts';
import { type Scenario, describeCrashPoints } from '../support/crash-points.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT, World } from '../support/world.ts';

const HOUR = 3_600_000;

const scenarios: Scenario[] = [
  {
    name: 'one event to a healthy, a recovering and a dead endpoint',
    prepare: async (world) => [
      await world.endpoint({ url: world.customers.open('healthy', () => 200) }),
      await world.endpoint({
        url: world.customers.open('recovers', (nth) => (nth <= 2 ? 500 : 200)),
        retry: { delays: [1, 1, 60, 60] },
      }),
      await world.endpoint({ url: world.customers.open('dead', () => 503), retry: { delays: [1, 5] } }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'an endpoint that is paused, holds, and is resumed',
    prepare: async (world) => [await world.endpoint({ url: world.customers.open('paused', () => 200) })],
    async *work(world, process, [endpoint]) {
      const { id } = endpoint as Endpoint;
      await pauseEndpoint(process.ports, TENANT, id);
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.drain(process);
      await resumeEndpoint(process.ports, TENANT, id, 'release');
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'an endpoint that fails, is disabled, and gives its deliveries up',
    prepare: async (world) => [
      await world.endpoint({ url: world.customers.open('failing', () => 500), retry: { delays: [3600, 3600] } }),
    ],
    async *work(world, process, [endpoint]) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await disableEndpoint(process.ports, TENANT, (endpoint as Endpoint).id);
      await world.run(process, 4 * HOUR);
    },
  },
  {
    name: 'a customer that answers 410',
    prepare: async (world) => [
      await world.endpoint({
        url: world.customers.open('gone', (nth) => (nth === 1 ? 500 : 410)),
        retry: { delays: [1, 1, 1] },
      }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
];

describeCrashPoints(scenarios);

test('a claim of a dead process is taken over with the event that it kept', async () => {
  const world = new World();
  const url = world.customers.open('healthy', () => 200);
  await world.endpoint({ url });
  const { calls } = await probe(world);
  const kept = calls.find(({ port }) => port === 'queues')?.index;
  expect(kept).toBeDefined();
  const first = world.process({ index: kept as number, moment: 'before' });
  await expect(first.ingest(world.request('a', 'key-2'))).rejects.toThrow();
  await world.clock.advance(20_000);
  const second = world.process();
  await second.ingest(world.request('a', 'key-2'));
  await world.drain(second);
  const ofKey2 = (await allDeliveries(world)).filter(({ eventType }) => eventType === 'a');
  expect(ofKey2.map(({ status }) => status)).toEqual(['delivered']);
  world.close();
});

async function probe(world: World) {
  const process = world.process();
  await process.ingest(world.request('b', 'key-1'));
  await world.drain(process);
  // The calls of ingest alone come first.
  return { calls: process.life.calls };
}
