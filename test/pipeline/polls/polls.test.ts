import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { positionAt } from '../../../lib/domain/poll-position.ts';
import { createEndpoint } from '../../../lib/pipeline/endpoints/create.ts';
import { deletePayload } from '../../../lib/pipeline/manual/delete-payload.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { POLL_URL } from '../../../lib/domain/endpoint.ts';
import { Consumer, pollEndpoint } from '../../support/consumer.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a delivery of a poll endpoint', () => {
  test('is given with the signed request that a push would have been, and has no message', async ({
    world,
    process,
    post,
  }) => {
    const { endpoint, signingSecret } = await createEndpoint(
      world.ports,
      TENANT,
      { kind: 'poll', url: POLL_URL, events: ['*'], dialect: 'standard', timeoutSeconds: 10 },
      10,
    );
    const id = await post();
    expect(world.count('deliveries')).toBe(0);
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    const [given] = consumer.given;
    const body = Buffer.from(given?.body ?? []).toString();
    expect(given?.headers['webhook-id']).toBe(id);
    const now = Date.now;
    try {
      Date.now = () => world.clock.now();
      expect(new Webhook(signingSecret).verify(body, given?.headers ?? {})).toMatchObject({ data: { n: 1 } });
    } finally {
      Date.now = now;
    }
  });

  test('is pending until every consumer has committed it, then delivered (21)', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const [one, other] = [new Consumer(world, endpoint, 'one'), new Consumer(world, endpoint, 'other')];
    for (const consumer of [one, other]) await consumer.commit(process.ports, positionAt(world.clock.now()));
    const id = await post();
    for (const consumer of [one, other]) await consumer.poll(process.ports);
    expect([one.eventIds(), other.eventIds()]).toEqual([[id], [id]]);
    await one.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toBeUndefined();
    await other.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'delivered', attempts: [] });
  });

  test('is given again after a crash between the read and the commit', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    const first = new Consumer(world, endpoint);
    await first.commit(process.ports, positionAt(world.clock.now() - HOUR));
    await first.poll(process.ports);
    const second = new Consumer(world, endpoint);
    await second.poll(process.ports);
    expect(second.eventIds()).toEqual([id]);
    await second.commit(process.ports);
    const third = new Consumer(world, endpoint);
    await third.poll(process.ports);
    expect(third.eventIds()).toEqual([]);
  });

  test('of an event posted in the same millisecond, whose entry came to light after a commit, is given too', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await pollEndpoint(world);
    const consumer = new Consumer(world, endpoint);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow = world.process(undefined, async ({ port, method }, run) => {
      if (port === 'polls' && method === 'add') await gate;
      return run();
    });
    const posting = slow.ingest(world.request());
    const id = await post();
    await consumer.poll(process.ports);
    await consumer.commit(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
    open();
    const other = await posting;
    const entries = await world.store.polls.entriesAfter({ tenantId: TENANT, endpointId: endpoint.id }, '0', 10);
    expect(new Set(entries.map(({ writtenAt }) => writtenAt)).size).toBe(1);
    await world.clock.advance(50_000);
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toContain(other.id);
    await consumer.commit(process.ports);
    expect(await world.delivery(other.id, endpoint.id)).toMatchObject({ status: 'delivered' });
  });

  test('comes in pages that miss nothing, and `more` says that there is another', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const ids = [];
    for (let n = 0; n < 25; n += 1) {
      ids.push(await post());
      await world.clock.advance(100);
    }
    const consumer = new Consumer(world, endpoint);
    const mores = [];
    for (let page = 0; page < 4; page += 1) mores.push((await consumer.poll(process.ports, { limit: 10 })).more);
    expect(mores).toEqual([true, true, false, false]);
    expect(consumer.eventIds()).toEqual(ids);
  });

  test('is abandoned, not delivered, when its payload was deleted before a consumer came to it (19, 21)', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await pollEndpoint(world);
    const consumer = new Consumer(world, endpoint);
    await consumer.commit(process.ports, positionAt(world.clock.now() - HOUR));
    const id = await post();
    // The job of the deletion has not come to it yet.
    await deletePayload(process.ports, TENANT, id);
    await consumer.poll(process.ports);
    expect(consumer.given).toEqual([]);
    await consumer.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({
      status: 'abandoned',
      statusReason: 'payload_deleted',
    });
  });

  test('is not given before its delay, so that what is written side by side is in order', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports, { delayMs: 1000 });
    expect(consumer.eventIds()).toEqual([]);
    await world.clock.advance(1000);
    await consumer.poll(process.ports, { delayMs: 1000 });
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('is given by its filter and patterns only', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world, { events: ['task.completed'], filter: '{"n":2}' });
    await post();
    const { id } = await process.ingest({ ...world.request(), event: { type: 'task.completed', data: '{"n":2}' } });
    await post('task.other');
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('of an event with many endpoints comes by the queue', async ({ world, process }) => {
    world.settings.inlineEndpoints = 1;
    const few = world.process();
    const [polled] = [await pollEndpoint(world), await world.endpointAnswering(200)];
    const { id } = await few.ingest(world.request());
    await world.run(few, HOUR);
    const consumer = new Consumer(world, polled);
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('of a repeated post is there once at least, with the same id', async ({ world, process }) => {
    const endpoint = await pollEndpoint(world);
    const { id } = await process.ingest(world.request('task.completed', 'key'));
    await process.ingest(world.request('task.completed', 'key'));
    await world.run(process, HOUR);
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    expect(new Set(consumer.eventIds())).toEqual(new Set([id]));
  });
});

describe('what people ask for comes to the consumers too', () => {
  test('a manual retry of a delivered one', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    await consumer.commit(process.ports);
    await retryDelivery(process.ports, TENANT, deliveryId({ eventId: id, endpointId: endpoint.id, ordinal: 0 }));
    await world.run(process, HOUR);
    await consumer.poll(process.ports);
    expect(consumer.given.map(({ entry }) => entry.ordinal)).toEqual([0, 1]);
    expect(consumer.given[1]?.headers['webhook-id']).toBe(id);
    expect(await world.delivery(id, endpoint.id, 1)).toMatchObject({ status: 'pending', statusReason: 'uncommitted' });
    await consumer.commit(process.ports);
    expect(await world.delivery(id, endpoint.id, 1)).toMatchObject({ status: 'delivered', retriedFromOrdinal: 0 });
  });

  test('a replay to an endpoint that was not there', async ({ world, process, post }) => {
    await world.endpointAnswering(200);
    const since = world.clock.now();
    const id = await post();
    await world.clock.advance(1000);
    const endpoint = await pollEndpoint(world);
    await startReplay(process.ports, TENANT, endpoint.id, { since });
    await world.run(process, HOUR);
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
    await consumer.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'delivered' });
  });

  test('what is written is not written again while consumers take their time', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    await world.clock.advance(1000);
    await retryDelivery(process.ports, TENANT, deliveryId({ eventId: id, endpointId: endpoint.id, ordinal: 0 }));
    await world.run(process, 3 * DAY);
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    // Ingest has written one, the message that the retry sent the other.
    expect(consumer.given).toHaveLength(2);
  });
});
