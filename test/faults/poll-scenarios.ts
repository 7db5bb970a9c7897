import { expect } from 'vitest';
import { deliveryId } from '../../lib/domain/ids.ts';
import { positionAt } from '../../lib/domain/poll-position.ts';
import { disableEndpoint, pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { retryDelivery } from '../../lib/pipeline/manual/retry-delivery.ts';
import { Consumer, pollEndpoint } from '../support/consumer.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;

/** All that each of two consumers was given, whichever process it asked. */
const givenTo = new WeakMap<World, Map<string, Set<string>>>();

/** Registered before the first event. */
async function withConsumers(world: World, names: readonly string[]): Promise<Endpoint[]> {
  const endpoint = await pollEndpoint(world);
  givenTo.set(world, new Map(names.map((name) => [name, new Set()])));
  for (const name of names) {
    await new Consumer(world, endpoint, name).commit(world.ports, positionAt(world.clock.now()));
  }
  return [endpoint];
}

/** What a receiver does that begins anew: from its last commit on, it polls, works and commits until nothing is left. */
async function consume(world: World, ports: Ports, endpoint: Endpoint): Promise<void> {
  for (const [name, given] of givenTo.get(world) ?? []) {
    const consumer = new Consumer(world, endpoint, name);
    for (let more = true; more;) {
      ({ more } = await consumer.poll(ports, { limit: 2 }));
      for (const id of consumer.eventIds()) given.add(id);
      await consumer.commit(ports);
    }
  }
}

async function expectGivenToAll(world: World, [endpoint]: Endpoint[]): Promise<void> {
  // Whatever was accepted; the last process may have died after it was, and before the consumers came.
  await consume(world, world.ports, endpoint as Endpoint);
  const events = await world.store.events.page(TENANT, { limit: 100 });
  for (const delivery of await allDeliveries(world)) {
    const isUnanswered = delivery.status === 'pending' && delivery.revision === 0;
    if (!isUnanswered) expect(['delivered', 'abandoned']).toContain(delivery.status);
    if (delivery.status !== 'delivered') continue;
    for (const [name, given] of givenTo.get(world) ?? []) expect([...given], name).toContain(delivery.eventId);
  }
  expect(events.length).toBeGreaterThan(0);
}

export const pollScenarios: Scenario[] = [
  {
    name: 'two consumers of a poll endpoint',
    prepare: (world) => withConsumers(world, ['one', 'other']),
    async *work(world, process, [endpoint]) {
      for (const key of ['key-1', 'key-2', 'key-3']) {
        yield (await process.ingest(world.request('task.completed', key))).id;
        await world.clock.advance(500);
      }
      await world.run(process, HOUR);
      await consume(world, process.ports, endpoint as Endpoint);
      await world.run(process, HOUR);
    },
    expectAfter: expectGivenToAll,
  },
  {
    name: 'a manual retry to a poll endpoint that is paused and resumed',
    prepare: (world) => withConsumers(world, ['one']),
    async *work(world, process, [endpoint]) {
      const { id: eventId } = await process.ingest(world.request('task.completed', 'key-1'));
      yield eventId;
      await world.run(process, HOUR);
      await consume(world, process.ports, endpoint as Endpoint);
      const endpointId = endpoint?.id ?? '';
      await pauseEndpoint(process.ports, TENANT, endpointId);
      await retryDelivery(process.ports, TENANT, deliveryId({ eventId, endpointId, ordinal: 0 }));
      await world.run(process, HOUR);
      await resumeEndpoint(process.ports, TENANT, endpointId, 'release');
      await world.run(process, HOUR);
      await consume(world, process.ports, endpoint as Endpoint);
      await world.run(process, HOUR);
    },
    expectAfter: expectGivenToAll,
  },
  {
    name: 'a poll endpoint that is disabled before its consumer comes',
    prepare: (world) => withConsumers(world, ['one']),
    async *work(world, process, [endpoint]) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.clock.advance(1000);
      await disableEndpoint(process.ports, TENANT, endpoint?.id ?? '');
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world) {
      expect((await allDeliveries(world)).map(({ status }) => status)).toEqual(['abandoned']);
    },
  },
];
