import { expect } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { pauseEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { startBulkRetry, startReplay } from '../../lib/pipeline/manual/bulk-jobs.ts';
import { deletePayload } from '../../lib/pipeline/manual/delete-payload.ts';
import { retryDelivery } from '../../lib/pipeline/manual/retry-delivery.ts';
import { runDueRetries } from '../../lib/pipeline/manual/waiting-retries.ts';
import { allDeliveries } from '../support/invariants.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

/** Of deliveries that are not finished: a payload is deleted at any time. */
async function expectNoPayload(world: World, eventId: string): Promise<void> {
  const event = await world.store.events.get(TENANT, eventId);
  expect(event).toMatchObject({ data: 'null', payloadDeleted: { jobId: expect.any(String) } });
  const job = await world.store.jobs.get(TENANT, event?.payloadDeleted?.jobId ?? '');
  expect(job).toMatchObject({ kind: 'erase-payload', status: 'done' });
  for (const delivery of (await allDeliveries(world)).filter((one) => one.eventId === eventId)) {
    expect(await world.store.deliveries.responseBodies(delivery)).toEqual([]);
    if (delivery.status === 'delivered') continue;
    expect(delivery).toMatchObject({ status: 'abandoned', statusReason: 'payload_deleted' });
  }
}

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
    name: 'a deletion of a payload',
    prepare: async (world) => [
      await world.endpointAnswering([{ status: 500, body: 'no' }, 200], { retry: { delays: [7200] } }),
      await world.endpointAnswering(200),
      await world.endpointAnswering(200),
    ],
    async *work(world, process, endpoints) {
      const { id: eventId } = await process.ingest(world.request('task.completed', 'key-1'));
      yield eventId;
      await pauseEndpoint(process.ports, TENANT, endpoints[2]?.id ?? '');
      await world.drain(process);
      await deletePayload(process.ports, TENANT, eventId);
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world) {
      const [event] = await world.store.events.page(TENANT, { limit: 1 });
      await expectNoPayload(world, event?.id ?? '');
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
