import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { disableEndpoint, pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { TENANT } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;

export const deliveryScenarios: Scenario[] = [
  {
    name: 'one event to a healthy, a recovering and a dead endpoint',
    prepare: async (world) => [
      await world.endpointAnswering(200),
      await world.endpointAnswering([500, 500, 200], { retry: { delays: [1, 1, 60, 60] } }),
      await world.endpointAnswering(503, { retry: { delays: [1, 5] } }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'an endpoint that is paused, holds, and is resumed',
    prepare: async (world) => [await world.endpointAnswering(200)],
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
    prepare: async (world) => [await world.endpointAnswering(500, { retry: { delays: [3600, 3600] } })],
    async *work(world, process, [endpoint]) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await disableEndpoint(process.ports, TENANT, (endpoint as Endpoint).id);
      await world.run(process, 4 * HOUR);
    },
  },
  {
    name: 'a customer that answers 410',
    prepare: async (world) => [await world.endpointAnswering([500, 410], { retry: { delays: [1, 1, 1] } })],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'an endpoint that is slow, whose message is handed on twice',
    prepare: async (world) => {
      const endpoint = await world.endpointAnswering([{ status: 500, durationMs: 9000 }, 200], {
        retry: { delays: [30] },
      });
      const { id: endpointId, generation } = endpoint;
      const [since, until] = [world.clock.now(), world.clock.now() + HOUR];
      await world.store.health.noteSlow({ tenantId: TENANT, endpointId, generation, since, until });
      return [endpoint];
    },
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
];
