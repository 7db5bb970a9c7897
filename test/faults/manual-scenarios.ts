import { expect } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { startBulkRetry, startReplay } from '../../lib/pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../lib/pipeline/manual/retry-delivery.ts';
import { runDueRetries } from '../../lib/pipeline/manual/waiting-retries.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

/** Deliveries that were made by a manual retry or by a job. */
async function repeats(world: World): Promise<Delivery[]> {
  return (await allDeliveries(world)).filter(({ jobId, ordinal }) => jobId !== undefined || ordinal > 0);
}

/** Each job has made at most one delivery a pair, has counted them all, and is done. */
async function expectJobsDone(world: World): Promise<void> {
  const made = (await repeats(world)).filter(({ jobId }) => jobId !== undefined);
  const pairs = made.map(({ jobId, eventId, endpointId }) => [jobId, eventId, endpointId].join());
  expect(new Set(pairs).size).toBe(pairs.length);
  const jobIds = new Set(made.map(({ jobId }) => jobId as string));
  expect(jobIds.size).toBeGreaterThan(0);
  for (const id of jobIds) {
    const job = await world.store.jobs.get(TENANT, id);
    expect(job).toMatchObject({ status: 'done', processed: made.filter(({ jobId }) => jobId === id).length });
    expect(job?.checkAt).toBeUndefined();
  }
}

export const manualScenarios: Scenario[] = [
  {
    name: 'a manual retry of an exhausted delivery',
    prepare: async (world) => [await world.endpointAnswering([500, 500, 200], { retry: { delays: [1] } })],
    async *work(world, process, [endpoint]) {
      const { id: eventId } = await process.ingest(world.request('task.completed', 'key-1'));
      yield eventId;
      await world.run(process, HOUR);
      const first = { eventId, endpointId: endpoint?.id ?? '', ordinal: 0 };
      await retryDelivery(process.ports, TENANT, deliveryId(first));
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const made = await repeats(world);
      expect([1, 2]).toContain(made.length);
      for (const one of made) expect(one).toMatchObject({ status: 'delivered', retriedFromOrdinal: 0 });
    },
  },
  {
    name: 'a manual retry of a delivery that waits',
    prepare: async (world) => [
      await world.endpointAnswering([{ status: 503, retryAfter: '7200' }, 200], { retry: { delays: [1] } }),
    ],
    async *work(world, process, [endpoint]) {
      const { id: eventId } = await process.ingest(world.request('task.completed', 'key-1'));
      yield eventId;
      await world.drain(process);
      await world.clock.advance(2 * SECOND);
      const first = { eventId, endpointId: endpoint?.id ?? '', ordinal: 0 };
      await retryDelivery(process.ports, TENANT, deliveryId(first));
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world) {
      expect((await allDeliveries(world)).map(({ status }) => status)).not.toContain('exhausted');
    },
  },
  {
    name: 'a run of the due ones',
    prepare: async (world) => [await world.endpointAnswering([500, 200], { retry: { delays: [1, 1] } })],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.drain(process);
      await world.clock.advance(2 * SECOND);
      await runDueRetries(process.ports, TENANT, 10);
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      expect((await allDeliveries(world)).map(({ status }) => status)).toEqual(['delivered']);
    },
  },
  {
    name: 'a bulk retry',
    prepare: async (world) => [
      await world.endpointAnswering([500, 500, 200], { retry: { delays: [1] } }),
      await world.endpointAnswering(500, { retry: { delays: [] } }),
    ],
    async *work(world, process, endpoints) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.run(process, HOUR);
      await startBulkRetry(process.ports, TENANT, { status: 'exhausted', endpointId: endpoints[1]?.id ?? '' });
      await startBulkRetry(process.ports, TENANT, { status: 'exhausted' });
      await world.run(process, HOUR);
    },
    expectAfter: expectJobsDone,
  },
  {
    name: 'a replay to an endpoint that did not match then',
    prepare: async (world) => [
      await world.endpointAnswering(200, { events: ['task.*'] }),
      await world.endpointAnswering([500, 200], { events: ['other.*'], retry: { delays: [1] } }),
    ],
    async *work(world, process, [, later]) {
      const since = world.clock.now() - HOUR;
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      yield (await process.ingest(world.request('task.started', 'key-2'))).id;
      await world.drain(process);
      await startReplay(process.ports, TENANT, later?.id ?? '', { since, eventTypes: ['task.*'] });
      await world.run(process, HOUR);
    },
    async expectAfter(world, [, later]) {
      const ofLater = (await allDeliveries(world)).filter(({ endpointId }) => endpointId === later?.id);
      expect(new Set(ofLater.map(({ eventId }) => eventId)).size).toBe(2);
      for (const one of ofLater) expect(one.status).toBe('delivered');
      await expectJobsDone(world);
    },
  },
];
