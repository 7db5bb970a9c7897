import { expect } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A pause, the breaker and a rate limit, and what they do to deliveries. */
export const endpointScenarios: Scenario[] = [
  {
    name: 'an endpoint that is paused, holds, and is resumed without what it held',
    prepare: async (world) => [await world.endpointAnswering(200)],
    async *work(world, process, [endpoint]) {
      const { id } = endpoint as Endpoint;
      await pauseEndpoint(process.ports, TENANT, id);
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await resumeEndpoint(process.ports, TENANT, id, 'discard');
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'an endpoint that the breaker pauses and a probe resumes',
    async prepare(world) {
      // After the first probe, which fails too.
      const healsAt = world.clock.now() + 20 * MINUTE;
      const answer = () => (world.clock.now() < healsAt ? 500 : 200);
      return [await world.endpointAnswering(answer, { retry: { delays: [30, 30, 30, 30, 3600] } })];
    },
    async *work(world, process) {
      for (const key of ['key-1', 'key-2', 'key-3']) {
        yield (await process.ingest(world.request('task.completed', key))).id;
      }
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world, [endpoint]) {
      // The pause and the resume have each raised it.
      const { status, generation } = (await world.store.endpoints.get(TENANT, (endpoint as Endpoint).id)) as Endpoint;
      expect({ status, generation }).toEqual({ status: 'active', generation: 3 });
    },
  },
  {
    name: 'an endpoint that answers 410',
    prepare: async (world) => [await world.endpointAnswering(410, { retry: { delays: [60, 60] } })],
    async *work(world, process) {
      // Once it is disabled, a repeated post finds the event, but a new one would match nothing.
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, HOUR);
    },
    async expectAfter(world, [endpoint]) {
      const { id, url } = endpoint as Endpoint;
      expect(await world.store.endpoints.get(TENANT, id)).toMatchObject({ status: 'disabled', statusReason: 'gone' });
      const [delivery, ...others] = await allDeliveries(world);
      expect([delivery?.status, others.length]).toEqual(['abandoned', 0]);
      // A crash can lose the record of one request at most.
      const requests = world.customers.at(url).length;
      expect(requests - (delivery?.attempts.length ?? 0)).toBeLessThanOrEqual(1);
      expect(requests).toBeLessThanOrEqual(2);
    },
  },
  {
    name: 'a batch of events to an endpoint with a rate limit',
    prepare: async (world) => [await world.endpointAnswering(200, { rateLimitPerSecond: 1 })],
    async *work(world, process) {
      const requests = ['key-1', 'key-2', 'key-3'].map((key) => world.request('task.completed', key));
      for (const result of await process.ingest.batch(requests)) if ('id' in result) yield result.id;
      await world.run(process, HOUR);
    },
  },
];
