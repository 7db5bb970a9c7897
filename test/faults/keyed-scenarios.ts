import { expect } from 'vitest';
import { createEndpointOnce } from '../../lib/pipeline/endpoints/create-once.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { startReplay } from '../../lib/pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../lib/pipeline/manual/retry-delivery.ts';
import { testEndpoint } from '../../lib/pipeline/manual/test-endpoint.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;

/** Calls with an `Idempotency-Key`, which their caller repeats without an answer. */
export const keyedScenarios: Scenario[] = [
  {
    name: 'an endpoint and a replay to it, each with a key',
    prepare: async () => [],
    async *work(world, process, endpoints) {
      const url = world.customers.open('keyed', () => 200);
      const input = { url, events: ['*'], dialect: 'standard', timeoutSeconds: 10 };
      const once = (call: string) => ({ key: 'key', call, hash: 'hash' });
      const { endpoint, signingSecret } = await createEndpointOnce(process.ports, TENANT, input, 100, once('create'));
      endpoints[0] = endpoint;
      const again = await createEndpointOnce(world.ports, TENANT, input, 100, once('create'));
      expect(again).toEqual({ endpoint, signingSecret });
      const event = await process.ingest(world.request('task.completed', 'key-1'));
      expect(event.deliveries).toBe(1);
      yield event.id;
      await world.run(process, HOUR);
      await startReplay(process.ports, TENANT, endpoint.id, { since: endpoint.createdAt }, once('replay'));
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const { endpoints } = await world.store.endpoints.page(TENANT, undefined, 10);
      expect(endpoints).toHaveLength(1);
      const replays = (await allDeliveries(world)).filter(({ jobId }) => jobId !== undefined);
      expect(replays).toHaveLength(1);
      expect(replays[0]).toMatchObject({ status: 'delivered', ordinal: 1 });
    },
  },
  {
    name: 'a test of an endpoint, with a key',
    prepare: async (world) => [await world.endpointAnswering([500, 200], { retry: { delays: [1] } })],
    async *work(world, process, [endpoint]) {
      const keyed = { key: 'key', call: 'test', hash: 'hash' };
      yield (await testEndpoint(process.ports, TENANT, endpoint?.id ?? '', { keyed, eventTypePolicy: {} })).eventId;
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      expect(await allDeliveries(world)).toMatchObject([{ status: 'delivered', isTest: true }]);
    },
  },
  {
    name: 'a retry of an exhausted delivery, with a key',
    prepare: async (world) => [await world.endpointAnswering([500, 500, 200], { retry: { delays: [1] } })],
    async *work(world, process, [endpoint]) {
      const { id: eventId } = await process.ingest(world.request('task.completed', 'key-1'));
      yield eventId;
      await world.run(process, HOUR);
      const keyed = { key: 'key', call: 'retry', hash: 'hash' };
      const id = deliveryId({ eventId, endpointId: endpoint?.id ?? '', ordinal: 0 });
      await retryDelivery(process.ports, TENANT, id, keyed);
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const made = (await allDeliveries(world)).filter(({ ordinal }) => ordinal > 0);
      expect(made).toMatchObject([{ status: 'delivered', ordinal: 1, retriedFromOrdinal: 0 }]);
    },
  },
];
