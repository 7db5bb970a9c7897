import { expect } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';
import { halfFinish, lose } from './losses.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each gives sweep work, so that a process dies in the middle of that too. */
export const sweepScenarios: Scenario[] = [
  {
    name: 'a retry that has lost its message',
    prepare: async (world) => [await world.endpointAnswering([500, 200], { retry: { delays: [60, 60] } })],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await world.clock.advance(2 * MINUTE);
      await lose(world, 'retries');
      await world.run(process, HOUR);
    },
  },
  {
    name: 'an exhausted delivery that has no dead letter yet',
    async prepare(world) {
      const endpoint = await world.endpointAnswering(500, { retry: { delays: [1] } });
      await halfFinish(world);
      return [endpoint];
    },
    async *work(world, process) {
      for (const { id } of await world.store.events.page(TENANT, { limit: 10 })) yield id;
      await world.run(process, HOUR);
    },
  },
  {
    name: 'a release that has lost its message',
    prepare: async (world) => [await world.endpointAnswering(200)],
    async *work(world, process, [endpoint]) {
      const { id } = endpoint as Endpoint;
      await pauseEndpoint(process.ports, TENANT, id);
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await resumeEndpoint(process.ports, TENANT, id, 'release');
      await lose(world, 'jobs');
      await world.run(process, 2 * HOUR);
    },
  },
  {
    name: 'a retry that waits parked for longer than a queue hides',
    prepare: async (world) => [
      await world.endpointAnswering([{ status: 503, retryAfter: '50400' }, 200], { retry: { delays: [1] } }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 15 * HOUR);
    },
  },
  {
    name: 'what a brake has stopped',
    prepare: async (world) => [await world.endpointAnswering(200)],
    async *work(world, process) {
      await process.ports.brakes.set({ tenantId: TENANT }, world.clock.now());
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 11 * MINUTE);
      await process.ports.brakes.release({ tenantId: TENANT });
      await world.run(process, HOUR);
    },
  },
  {
    name: 'what is held until it expires',
    prepare: async (world) => [await world.endpointAnswering(200)],
    async *work(world, process, [endpoint]) {
      await pauseEndpoint(process.ports, TENANT, (endpoint as Endpoint).id);
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      // If the process dies this happens twice, which still is less than the log's lifetime.
      await world.run(process, 14.2 * DAY);
    },
    async expectAfter(world) {
      for (const { status } of await allDeliveries(world)) expect(status).toBe('abandoned');
    },
  },
];
