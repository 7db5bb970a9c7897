import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { deliveryId, settleJobId } from '../../../lib/domain/ids.ts';
import { positionAt } from '../../../lib/domain/poll-position.ts';
import { createEndpoint, disableEndpoint, pauseEndpoint, resumeEndpoint, revokeEndpoint } from '../../../lib/pipeline/endpoints/changes.ts';
import { deletePayload } from '../../../lib/pipeline/manual/delete-payload.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { POLL_URL } from '../../../lib/domain/endpoint.ts';
import { listConsumers, removeConsumer } from '../../../lib/pipeline/polls/commit.ts';
import { Consumer, pollEndpoint } from '../../support/consumer.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a delivery of a poll endpoint', () => {
  test('is given with the signed request that a push would have been, and has no message', async ({ world, process, post }) => {
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

  test('is not given before its delay, so that what is written side by side is in order', async ({ world, process, post }) => {
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

describe('the state of a poll endpoint', () => {
  test('paused: nothing is given, nothing is lost, and the cursor stays', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const id = await post();
    const consumer = new Consumer(world, endpoint);
    expect(await consumer.poll(process.ports)).toMatchObject({ deliveries: [], state: 'paused' });
    await expect(resumeEndpoint(process.ports, TENANT, endpoint.id, 'discard')).rejects.toMatchObject({
      code: 'wrong-state',
    });
    await resumeEndpoint(process.ports, TENANT, endpoint.id, 'release');
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('braked: nothing is given until the release', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    await world.store.brakes.set('deployment', world.clock.now());
    const consumer = new Consumer(world, endpoint);
    expect(await consumer.poll(process.ports)).toMatchObject({ deliveries: [], state: 'braked' });
    await world.store.brakes.release('deployment');
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('disabled: polls are refused, and what was written before is abandoned within the hour', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    await world.clock.advance(1000);
    await disableEndpoint(process.ports, TENANT, endpoint.id);
    const consumer = new Consumer(world, endpoint);
    await expect(consumer.poll(process.ports)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(consumer.commit(process.ports)).rejects.toMatchObject({ code: 'wrong-state' });
    await world.run(process, 2 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'disabled' });
  });

  test('revoked: everything is abandoned, and the endpoint’s job ends', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const id = await post();
    await world.clock.advance(1000);
    await revokeEndpoint(process.ports, TENANT, endpoint.id);
    await world.run(process, 4 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'revoked' });
    expect(await world.store.jobs.get(TENANT, settleJobId(endpoint.id))).toMatchObject({ status: 'done' });
  });

  test('its job outlives everything else', async ({ world, process }) => {
    const endpoint = await pollEndpoint(world);
    await world.run(process, 5 * DAY);
    const job = await world.store.jobs.get(TENANT, settleJobId(endpoint.id));
    expect(job).toMatchObject({ status: 'running', kind: 'settle' });
    expect(job?.checkAt).toBeGreaterThan(world.clock.now());
  });

  test('a consumer of an endpoint that is sent to is refused', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200);
    await expect(new Consumer(world, endpoint).poll(process.ports)).rejects.toMatchObject({ code: 'wrong-state' });
  });
});

describe('what is not committed', () => {
  test('is abandoned after 14 days, and an older cursor is refused in words', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const consumer = new Consumer(world, endpoint);
    await consumer.commit(process.ports);
    await consumer.poll(process.ports);
    await world.clock.advance(1000);
    const id = await post();
    await world.run(process, 14 * DAY + 2 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
    await expect(consumer.poll(process.ports)).rejects.toMatchObject({ code: 'cursor-expired' });
    const fresh = new Consumer(world, endpoint, 'another');
    await fresh.poll(process.ports);
    expect(fresh.eventIds()).toEqual([]);
  });

  test('an old cursor that has missed nothing goes on', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const consumer = new Consumer(world, endpoint);
    await consumer.commit(process.ports);
    await world.run(process, 20 * DAY);
    const id = await post();
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([id]);
  });

  test('with a record is abandoned after 14 days too', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world, { events: ['other'] });
    const since = world.clock.now();
    const id = await post();
    await world.clock.advance(1000);
    await startReplay(process.ports, TENANT, endpoint.id, { since, eventTypes: ['*'] });
    await world.run(process, 15 * DAY);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
  });

  test('a consumer that has committed nothing for 7 days holds nothing back', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const [idle, busy] = [new Consumer(world, endpoint, 'idle'), new Consumer(world, endpoint, 'busy')];
    await idle.commit(process.ports);
    await world.run(process, 6 * DAY);
    const id = await post();
    await busy.poll(process.ports);
    await busy.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toBeUndefined();
    await world.run(process, DAY + 2 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'delivered' });
  });

  test('a removed consumer holds nothing back', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const [slow, busy] = [new Consumer(world, endpoint, 'slow'), new Consumer(world, endpoint, 'busy')];
    await slow.commit(process.ports);
    await world.clock.advance(1);
    const id = await post();
    await busy.poll(process.ports);
    await busy.commit(process.ports);
    await removeConsumer(process.ports, TENANT, endpoint.id, 'slow');
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'delivered' });
    expect((await listConsumers(process.ports, TENANT, endpoint.id)).map(({ name }) => name)).toEqual(['busy']);
    await expect(removeConsumer(process.ports, TENANT, endpoint.id, 'slow')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('the twenty-first consumer is refused', async ({ world, process }) => {
    const endpoint = await pollEndpoint(world);
    for (let n = 0; n < 20; n += 1) await new Consumer(world, endpoint, `c${n}`).commit(process.ports);
    await new Consumer(world, endpoint, 'c7').commit(process.ports);
    await expect(new Consumer(world, endpoint, 'c20').commit(process.ports)).rejects.toMatchObject({
      code: 'too-many-consumers',
    });
  });

  test('more than one commit settles at once is settled in the end', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const ids = [];
    for (let n = 0; n < 700; n += 1) {
      ids.push(await post());
      await world.clock.advance(10);
    }
    const consumer = new Consumer(world, endpoint);
    while ((await consumer.poll(process.ports, { limit: 100 })).more);
    expect(consumer.eventIds()).toEqual(ids);
    await consumer.commit(process.ports);
    const statuses = await Promise.all(ids.map((id) => world.delivery(id, endpoint.id)));
    expect(new Set(statuses.map((one) => one?.status))).toEqual(new Set(['delivered']));
  });
});

describe('a deleted payload (19)', () => {
  test('is given to no consumer, and what was not committed is abandoned', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    const [id, kept] = [await post(), await post()];
    await deletePayload(process.ports, TENANT, id);
    const consumer = new Consumer(world, endpoint);
    await consumer.poll(process.ports);
    expect(consumer.eventIds()).toEqual([kept]);
    await world.run(process, HOUR);
    await consumer.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'payload_deleted' });
    expect(await world.delivery(kept, endpoint.id)).toMatchObject({ status: 'delivered' });
  });
});
