import { describe, expect } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import {
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
} from '../../../lib/pipeline/endpoints/status-calls.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { writeExhausted } from '../../support/manual.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { planted } from '../../support/records.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const test = base
  .extend('retry', ({ world }) => async (eventId: string, endpointId: string, ordinal = 0) => {
    const id = deliveryId({ eventId, endpointId, ordinal });
    return (await retryDelivery(world.ports, TENANT, id)).delivery;
  })
  /** An exhausted delivery of an endpoint that is up again, and can be taken down. */
  .extend('exhausted', ({ world, process, post }) => async () => {
    const customer = { isUp: false };
    const { id: endpointId, url } = await world.endpointAnswering(() => (customer.isUp ? 200 : 500), {
      retry: { delays: [1] },
    });
    const eventId = await post();
    await world.run(process, MINUTE);
    customer.isUp = true;
    return { url, endpointId, eventId, customer };
  });

describe('a retry of a finished delivery', () => {
  test('is a new delivery with a fresh schedule, and the customer sees the first one’s id', async ({
    world,
    process,
    retry,
    exhausted,
  }) => {
    const { url, endpointId, eventId, customer } = await exhausted();
    customer.isUp = false;
    const made = await retry(eventId, endpointId);
    expect(made).toMatchObject({ ordinal: 1, status: 'pending', retriedFromOrdinal: 0, epoch: 1, attempts: [] });
    await world.run(process, MINUTE);
    expect(await world.delivery(eventId, endpointId, 1)).toMatchObject({
      status: 'exhausted',
      attempts: { length: 2 },
    });
    customer.isUp = true;
    expect(await retry(eventId, endpointId, 1)).toMatchObject({ ordinal: 2, retriedFromOrdinal: 1 });
    await world.run(process, MINUTE);
    expect(await world.delivery(eventId, endpointId, 2)).toMatchObject({
      status: 'delivered',
      attempts: { length: 1 },
    });
    expect(await world.delivery(eventId, endpointId, 0)).toMatchObject({
      status: 'exhausted',
      attempts: { length: 2 },
    });
    const ids = world.customers.at(url).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array(5).fill(eventId));
  });

  test('takes the next ordinal, whichever delivery of the pair is retried, and however many ask at once', async ({
    world,
    process,
    retry,
    exhausted,
  }) => {
    const { endpointId, eventId } = await exhausted();
    const made = await Promise.all(Array.from({ length: 5 }, () => retry(eventId, endpointId)));
    expect(made.map(({ ordinal }) => ordinal).toSorted()).toEqual([1, 2, 3, 4, 5]);
    await world.run(process, MINUTE);
    expect((await retry(eventId, endpointId)).ordinal).toBe(6);
    await world.run(process, MINUTE);
    const records = await world.store.deliveries.ofEvent(TENANT, eventId, [endpointId]);
    expect(records.map(({ status }) => status)).toEqual(['exhausted', ...Array(6).fill('delivered')]);
  });

  test('makes the dead letter of an exhausted one stale: a redrive sends nothing', async ({
    world,
    process,
    retry,
    exhausted,
  }) => {
    const { url, endpointId, eventId } = await exhausted();
    const [dead] = await world.store.queues.receive('exhausted', 10);
    await retry(eventId, endpointId);
    await world.run(process, MINUTE);
    await world.store.queues.send('retries', [{ body: dead?.body ?? '', group: endpointId }]);
    await world.run(process, HOUR);
    expect(world.customers.at(url)).toHaveLength(3);
    expect((await world.delivery(eventId, endpointId))?.status).toBe('exhausted');
    expect(world.count('retries')).toBe(0);
  });

  test('finishes a delivery whose dead letter was not sent yet', async ({ world, process, retry }) => {
    const { id: endpointId } = await world.endpointAnswering(200);
    const endpoint = await world.store.endpoints.get(TENANT, endpointId);
    const half = { dlqPending: true, checkAt: world.clock.now() + 15 * MINUTE } as const;
    const [record] = endpoint ? await writeExhausted(world, endpoint, 1, half) : [];
    await retry(record?.eventId ?? '', endpointId);
    await world.run(process, HOUR);
    expect(world.count('exhausted')).toBe(0);
    expect((await world.delivery(record?.eventId ?? '', endpointId))?.dlqPending).toBeUndefined();
  });

  test('sends a delivered one once more', async ({ world, process, post, retry }) => {
    const { id, url } = await world.endpointAnswering(200);
    const event = await post();
    await world.drain(process);
    await retry(event, id);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(2);
    expect((await world.delivery(event, id))?.attempts).toHaveLength(1);
  });

  test('is held while the endpoint is paused, and goes with its resume', async ({
    world,
    process,
    retry,
    exhausted,
  }) => {
    const { endpointId, eventId } = await exhausted();
    await pauseEndpoint(world.ports, TENANT, endpointId);
    await retry(eventId, endpointId);
    await world.drain(process);
    expect((await world.delivery(eventId, endpointId, 1))?.status).toBe('held');
    await expect(retry(eventId, endpointId, 1)).rejects.toMatchObject({
      code: 'wrong-state',
      message: /resume the endpoint/,
    });
    await resumeEndpoint(world.ports, TENANT, endpointId, 'release');
    await world.run(process, MINUTE);
    expect((await world.delivery(eventId, endpointId, 1))?.status).toBe('delivered');
  });

  test('is sent after an enable, although what waited at the disable was abandoned', async ({
    world,
    process,
    post,
    retry,
  }) => {
    const { id } = await world.endpointAnswering([500, 200], { retry: { delays: [600] } });
    const event = await post();
    await world.drain(process);
    await disableEndpoint(world.ports, TENANT, id);
    await world.drain(process);
    await expect(retry(event, id)).rejects.toMatchObject({ code: 'wrong-state', message: /enable/ });
    await enableEndpoint(world.ports, TENANT, id);
    await retry(event, id);
    await world.drain(process);
    expect(await world.delivery(event, id)).toMatchObject({ status: 'abandoned', statusReason: 'disabled' });
    expect(await world.delivery(event, id, 1)).toMatchObject({ status: 'delivered' });
  });

  test('is refused for a deleted endpoint, and for an event that has left the log', async ({
    world,
    process,
    post,
    retry,
    exhausted,
  }) => {
    const { endpointId, eventId } = await exhausted();
    // The jobs that tell of it end, and sweep has run: nothing is left behind that it would look for each minute.
    await world.run(process, DAY);
    await world.clock.advance(28 * DAY);
    await retry(eventId, endpointId);
    await world.run(process, 2 * DAY);
    await expect(retry(eventId, endpointId, 1)).rejects.toMatchObject({ code: 'event-expired' });
    const other = await post();
    await world.drain(process);
    await deleteEndpoint(world.ports, TENANT, endpointId);
    await expect(retry(other, endpointId)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(retry(other, endpointId, 7)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a retry of a delivery that waits', () => {
  test('makes it due now: it uses an attempt, makes no new delivery, and the schedule goes on', async ({
    world,
    process,
    post,
    retry,
  }) => {
    const { id, url } = await world.endpointAnswering([500, 500, 200], {
      retry: { delays: [3600, 60] },
    });
    const event = await post();
    await world.drain(process);
    await world.clock.advance(SECOND);
    const epoch = ((await world.delivery(event, id))?.epoch ?? 0) + 1;
    expect(await retry(event, id)).toMatchObject({ ordinal: 0, status: 'retrying', dueAt: world.clock.now(), epoch });
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(2);
    await world.run(process, 2 * HOUR);
    expect(await world.delivery(event, id)).toMatchObject({ status: 'delivered', attempts: { length: 3 } });
    expect(await world.delivery(event, id, 1)).toBeUndefined();
  });

  test('makes a parked one due now', async ({ world, process, post, retry }) => {
    const { id } = await world.endpointAnswering([500, 200], { retry: { delays: [20 * 3600] } });
    const event = await post();
    await world.drain(process);
    expect((await world.delivery(event, id))?.status).toBe('parked');
    await retry(event, id);
    await world.drain(process);
    expect((await world.delivery(event, id))?.status).toBe('delivered');
  });

  test('sends the first message of one without a record again, which is no duplicate', async ({
    world,
    process,
    post,
    retry,
  }) => {
    const { id, url } = await world.endpointAnswering(200);
    const event = await post();
    const lost = await world.store.queues.receive('deliveries', 10);
    expect(await retry(event, id)).toMatchObject({ ordinal: 0, status: 'pending', epoch: 0 });
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(1);
    await process.handle('deliveries', lost);
    expect(world.customers.at(url)).toHaveLength(1);
    expect(await world.delivery(event, id, 1)).toBeUndefined();
  });

  test('releases one that is still held after its endpoint’s resume', async ({ world, process, post, retry }) => {
    const { id } = await world.endpointAnswering(200);
    await pauseEndpoint(world.ports, TENANT, id);
    const event = await post();
    await world.drain(process);
    await resumeEndpoint(world.ports, TENANT, id, 'release');
    expect((await world.delivery(event, id))?.status).toBe('held');
    expect((await retry(event, id)).status).toBe('pending');
    expect(world.count('retries')).toBe(1);
  });

  test('is refused while it is braked', async ({ world, process, post, retry }) => {
    const { id } = await world.endpointAnswering(500, { retry: { delays: [60] } });
    const event = await post();
    await world.drain(process);
    const record = await world.delivery(event, id);
    if (!record) throw new Error('A failed attempt has a record.');
    await world.ports.deliveries.writeUnlessSuperseded(planted({ ...record, statusReason: 'braked' }));
    await expect(retry(event, id)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('while an attempt is under way merges with it', async ({ world, process, post, retry }) => {
    const { id, url } = await world.endpointAnswering([500, 200], { retry: { delays: [60] } });
    const event = await post();
    await world.drain(process);
    await world.clock.advance(80 * SECOND);
    const during = world.process(undefined, async (call, run) => {
      const answer = await run();
      if (call.port === 'sender') await retry(event, id);
      return answer;
    });
    await world.drain(during);
    await world.run(process, HOUR);
    expect(world.customers.at(url)).toHaveLength(2);
    expect(await world.delivery(event, id)).toMatchObject({ status: 'delivered', attempts: { length: 2 } });
  });
});
