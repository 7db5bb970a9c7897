import { describe, expect } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { pauseEndpoint, resumeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { startBulkRetry, startEventReplay, startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { deletePayload } from '../../../lib/pipeline/manual/delete-payload.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PASSES = 16 * MINUTE;
const REFUSAL = { status: 500, body: 'what you sent' };
const DELETED = { status: 'abandoned', statusReason: 'payload_deleted' };

describe('a deleted payload is not sent', () => {
  test('to an endpoint whose first message still waits: it is abandoned when that comes up', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    const eventId = await post();
    await deletePayload(world.ports, TENANT, eventId);
    await world.drain(process);
    expect(world.customers.received).toEqual([]);
    expect(await world.delivery(eventId, endpoint.id)).toMatchObject(DELETED);
  });

  test('again after a failure: the job ends what waits, and removes what was answered', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(REFUSAL, { retry: { delays: [7200, 7200] } });
    const eventId = await post();
    await world.drain(process);
    const key = { tenantId: TENANT, eventId, endpointId: endpoint.id, ordinal: 0 };
    expect(await world.store.deliveries.get(key)).toMatchObject({ status: 'retrying' });
    expect(await world.store.deliveries.responseBodies(key)).toHaveLength(1);
    const { id } = await deletePayload(world.ports, TENANT, eventId);
    await world.run(process, PASSES);
    expect(await world.store.deliveries.get(key)).toMatchObject({ ...DELETED, attempts: [{ number: 1 }] });
    expect(await world.store.deliveries.responseBodies(key)).toEqual([]);
    expect(await world.store.jobs.get(TENANT, id)).toMatchObject({ status: 'done', processed: 1 });
    await world.run(process, 6 * HOUR);
    expect(world.customers.received).toHaveLength(1);
  });

  test('when it was held and is released', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200);
    const eventId = await post();
    await pauseEndpoint(world.ports, TENANT, endpoint.id);
    await world.drain(process);
    expect(await world.delivery(eventId, endpoint.id)).toMatchObject({ status: 'held' });
    // Whether the job or the message of the release comes first.
    const { id } = await deletePayload(world.ports, TENANT, eventId);
    await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
    await world.run(process, PASSES);
    expect(await world.delivery(eventId, endpoint.id)).toMatchObject(DELETED);
    expect(await world.store.jobs.get(TENANT, id)).toMatchObject({ status: 'done' });
    expect(world.customers.received).toEqual([]);
  });

  test('by a redrive: the exhausted delivery stays as it is', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [] } });
    const eventId = await post();
    await world.drain(process);
    await deletePayload(world.ports, TENANT, eventId);
    await world.run(process, PASSES);
    const letters = await world.store.queues.receive('exhausted', 10);
    expect(letters).toHaveLength(1);
    await world.store.queues.send(
      'retries',
      letters.map(({ body }) => ({ body, group: TENANT })),
    );
    await world.drain(process);
    expect(await world.delivery(eventId, endpoint.id)).toMatchObject({ status: 'exhausted' });
    expect(world.customers.received).toHaveLength(1);
  });
});

describe('what was written while the first pass ran is found by the second', () => {
  test('the body of a late answer', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(REFUSAL, { retry: { delays: [] } });
    const eventId = await post();
    const { id } = await deletePayload(world.ports, TENANT, eventId);
    // The message of its first attempt was read before the deletion.
    const event = { ...(await world.store.events.get(TENANT, eventId)), data: '{"n":1}', payloadDeleted: undefined };
    const late = world.process(undefined, async ({ port }, run) => {
      const answer = await run();
      return port === 'reader' ? (answer as object[]).map((one) => ({ ...one, event })) : answer;
    });
    const jobs = await world.store.queues.receive('jobs', 10);
    await process.handle('jobs', jobs);
    await world.store.queues.delete('jobs', jobs);
    await world.drain(late);
    const key = { tenantId: TENANT, eventId, endpointId: endpoint.id, ordinal: 0 };
    expect(await world.store.deliveries.responseBodies(key)).toHaveLength(1);
    await world.run(process, PASSES);
    expect(await world.store.jobs.get(TENANT, id)).toMatchObject({ status: 'done' });
    expect(await world.store.deliveries.responseBodies(key)).toEqual([]);
  });
});

describe('an event without a payload', () => {
  test('is refused for a retry and for a replay, with a reason', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200);
    const eventId = await post();
    await world.drain(process);
    await deletePayload(world.ports, TENANT, eventId);
    const id = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 });
    await expect(retryDelivery(world.ports, TENANT, id)).rejects.toMatchObject({ code: 'payload-deleted' });
    await expect(startEventReplay(world.ports, TENANT, eventId)).rejects.toMatchObject({ code: 'payload-deleted' });
  });

  test('is left out by bulk retries and replays', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [] } });
    const eventId = await post();
    await post();
    await world.drain(process);
    await deletePayload(world.ports, TENANT, eventId);
    const bulk = await startBulkRetry(world.ports, TENANT, { status: 'exhausted' });
    await world.run(process, MINUTE);
    expect(await world.store.jobs.get(TENANT, bulk.id)).toMatchObject({ processed: 1, skipped: 1 });
    const replay = await startReplay(world.ports, TENANT, endpoint.id, { since: 0 });
    await world.run(process, MINUTE);
    expect(await world.store.jobs.get(TENANT, replay.id)).toMatchObject({ processed: 1, skipped: 1 });
    expect(world.customers.received.filter(({ headers }) => headers['webhook-id'] === eventId)).toHaveLength(1);
  });

  test('has one job, however often its payload is deleted', async ({ world, process, post }) => {
    const eventId = await post();
    const { id } = await deletePayload(world.ports, TENANT, eventId);
    expect(await deletePayload(world.ports, TENANT, eventId)).toMatchObject({ id });
    await world.run(process, PASSES);
    expect(await deletePayload(world.ports, TENANT, eventId)).toMatchObject({ id, status: 'done' });
  });

  test('is not there for another tenant, nor is one that nobody posted', async ({ world, post }) => {
    const eventId = await post();
    await expect(deletePayload(world.ports, 'org_other', eventId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(deletePayload(world.ports, TENANT, 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB')).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await world.store.events.get(TENANT, eventId)).toMatchObject({ data: '{"n":1}' });
  });
});

test('a job of an event with more than a page of endpoints ends all of their deliveries', async ({
  world,
  process,
  post,
}) => {
  const count = 250;
  for (let n = 0; n < count; n += 1) await world.endpointAnswering(500, { retry: { delays: [7200, 7200] } });
  const eventId = await post();
  await world.drain(process);
  const { id } = await deletePayload(world.ports, TENANT, eventId);
  await world.run(process, PASSES);
  expect(await world.store.jobs.get(TENANT, id)).toMatchObject({ status: 'done', processed: count });
});
