import { describe, expect } from 'vitest';
import { ownJobId } from '../../../lib/domain/ids.ts';
import {
  disableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
  revokeEndpoint,
} from '../../../lib/pipeline/endpoints/status-calls.ts';
import { deletePayload } from '../../../lib/pipeline/manual/delete-payload.ts';
import { startReplay } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { listConsumers, removeConsumer } from '../../../lib/pipeline/polls/commit.ts';
import { Consumer, pollEndpoint } from '../../support/consumer.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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

  test('disabled: polls are refused, and what was written before is abandoned within the hour', async ({
    world,
    process,
    post,
  }) => {
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
    expect(await world.store.jobs.get(TENANT, ownJobId(endpoint.id))).toMatchObject({ status: 'done' });
  });

  test('its job outlives everything else', async ({ world, process }) => {
    const endpoint = await pollEndpoint(world);
    await world.run(process, DAY);
    const job = await world.store.jobs.get(TENANT, ownJobId(endpoint.id));
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
    await world.clock.advance(14 * DAY);
    await world.run(process, 2 * HOUR);
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
    await world.clock.advance(20 * DAY);
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
    await world.run(process, HOUR);
    await world.clock.advance(14 * DAY);
    await world.run(process, 2 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
  });

  test('is not kept for longer because it is held when its 14 days end', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world, { events: ['other'] });
    const since = world.clock.now();
    const id = await post();
    await startReplay(process.ports, TENANT, endpoint.id, { since, eventTypes: ['*'] });
    await world.run(process, HOUR);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const { createdAt = 0 } = (await world.delivery(id, endpoint.id)) ?? {};
    // The job looks before the time has come, and then an hour later.
    await world.clock.advance(createdAt + 14 * DAY - 600_000 - world.clock.now());
    await world.run(process, HOUR / 2);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'held' });
    await world.run(process, 2 * HOUR);
    expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
  });

  test('a consumer that has committed nothing for 7 days holds nothing back', async ({ world, process, post }) => {
    const endpoint = await pollEndpoint(world);
    await world.run(process, 2 * HOUR);
    const [idle, busy] = [new Consumer(world, endpoint, 'idle'), new Consumer(world, endpoint, 'busy')];
    await idle.commit(process.ports);
    await world.clock.advance(6 * DAY);
    const id = await post();
    await busy.poll(process.ports);
    await busy.commit(process.ports);
    expect(await world.delivery(id, endpoint.id)).toBeUndefined();
    await world.clock.advance(DAY);
    await world.run(process, 2 * HOUR);
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
    await expect(removeConsumer(process.ports, TENANT, endpoint.id, 'slow')).rejects.toMatchObject({
      code: 'not-found',
    });
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
    expect(await world.delivery(id, endpoint.id)).toMatchObject({
      status: 'abandoned',
      statusReason: 'payload_deleted',
    });
    expect(await world.delivery(kept, endpoint.id)).toMatchObject({ status: 'delivered' });
  });
});
