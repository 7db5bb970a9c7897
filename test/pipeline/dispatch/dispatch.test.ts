import { describe, expect } from 'vitest';
import { delaysOf } from '../../../lib/dialects/retry-presets.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('messages', () => {
  test('a duplicate of a delivered message makes no second request', async ({ world, process, post, sendMessage }) => {
    const endpoint = await world.endpointAnswering(200);
    const event = await post();
    await world.drain(process);
    await sendMessage('deliveries', event, endpoint, 0);
    await world.drain(process);
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
    expect(world.count('deliveries')).toBe(0);
  });

  test('a stale message does nothing, unless its delivery has been due for two minutes', async ({
    world,
    process,
    post,
    sendMessage,
  }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60, 60] } });
    const event = await post();
    await world.drain(process);
    // The message of the retry is lost.
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await sendMessage('retries', event, endpoint, 0);
    await world.drain(process);
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
    await world.clock.advance(2 * MINUTE);
    await sendMessage('retries', event, endpoint, 0);
    await world.drain(process);
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('an unreadable message among ten goes to poison and the nine others are delivered', async ({
    world,
    process,
    post,
  }) => {
    const { url } = await world.endpointAnswering(200);
    for (let n = 0; n < 9; n += 1) await post();
    await world.store.queues.send('deliveries', [{ body: 'not ours', group: TENANT }]);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(9);
    const [poison] = await world.store.queues.receive('poison', 10);
    expect(JSON.parse(poison?.body ?? '')).toMatchObject({
      from: 'deliveries',
      body: 'not ours',
      why: 'not a JSON object',
    });
    expect(world.count('deliveries')).toBe(0);
  });

  test('a message of newer code waits for newer code', async ({ world, process }) => {
    await world.store.queues.send('deliveries', [{ body: '{"v":2}', group: TENANT }]);
    await world.drain(process);
    expect(world.count('deliveries')).toBe(1);
    expect(world.count('poison')).toBe(0);
  });

  test('a message that points at nothing is kept and raises an error, and is not poisoned', async ({
    world,
    process,
    post,
    sendMessage,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await sendMessage('retries', await post(), endpoint, 3);
    await world.store.queues.delete('deliveries', await world.store.queues.receive('deliveries', 10));
    await world.drain(process);
    expect(world.count('retries')).toBe(1);
    expect(world.log.named('dispatch.missing')).toHaveLength(1);
  });
});

describe('retries', () => {
  // Four days of work without a wait: on a machine that is busy with other things, only processor time can be short.
  test(
    'the retry times of the standard preset are its schedule, through the 12 h limit of the queue',
    {
      timeout: 120_000,
    },
    async ({ world, process, post }) => {
      const endpoint = await world.endpointAnswering(500);
      const event = await post();
      await world.run(process, 4 * DAY);
      const times = world.customers.at(endpoint.url).map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / SECOND);
      const delays = delaysOf({ preset: 'standard' });
      expect(gaps).toHaveLength(delays.length);
      gaps.forEach((gap, index) => {
        const delay = delays[index] ?? 0;
        expect(gap).toBeGreaterThanOrEqual(delay * 0.8 - 0.5);
        expect(gap).toBeLessThanOrEqual(delay * 1.2 + 1);
      });
      expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'exhausted', attempts: { length: 10 } });
      expect(world.count('exhausted')).toBe(1);
    },
  );

  test('every attempt carries the same id, and a timestamp and signature of its own', async ({
    world,
    process,
    post,
  }) => {
    const { url } = await world.endpointAnswering([500, 500, 200], { retry: { delays: [1, 1] } });
    const event = await post();
    await world.run(process, MINUTE);
    const headers = world.customers.at(url).map((request) => request.headers);
    expect(headers.map((one) => one['webhook-id'])).toEqual([event, event, event]);
    expect(new Set(headers.map((one) => one['webhook-timestamp'])).size).toBe(3);
    expect(new Set(headers.map((one) => one['webhook-signature'])).size).toBe(3);
  });

  test('a Retry-After is respected', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering([{ status: 429, retryAfter: '7200' }, 200], {
      retry: { delays: [1] },
    });
    await post();
    await world.run(process, DAY);
    const [first, second] = world.customers.at(url);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(2 * HOUR);
  });

  test('a lost retry message is healed by sweep, and the schedule is kept', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60] } });
    const event = await post();
    await world.drain(process);
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await world.run(process, HOUR);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('two sweeps at once send no second request', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering([500, 200], { retry: { delays: [60] } });
    await post();
    await world.drain(process);
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await world.clock.advance(20 * MINUTE);
    await Promise.all([process.sweep(), world.process().sweep()]);
    await world.run(process, HOUR);
    expect(world.customers.at(url)).toHaveLength(2);
  });
});

describe('the exhausted queue', () => {
  test('a redrive opens a fresh schedule, once a message', async ({ world, process, post }) => {
    let healed = false;
    const endpoint = await world.endpointAnswering(() => (healed ? 200 : 500), { retry: { delays: [1] } });
    const event = await post();
    await world.run(process, MINUTE);
    healed = true;
    const [dead] = await world.store.queues.receive('exhausted', 10);
    for (let copies = 0; copies < 2; copies += 1) {
      await world.store.queues.send('retries', [{ body: dead?.body ?? '', group: endpoint.id }]);
    }
    await world.run(process, HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', scheduleBase: 2 });
    expect(world.customers.at(endpoint.url)).toHaveLength(3);
  });

  test('a redriven delivery that fails again has all its attempts again, and a new dead letter', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [1] } });
    const event = await post();
    await world.run(process, MINUTE);
    const received = await world.store.queues.receive('exhausted', 10);
    await world.store.queues.send('retries', [{ body: received[0]?.body ?? '', group: endpoint.id }]);
    await world.store.queues.delete('exhausted', received);
    await world.run(process, HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'exhausted', attempts: { length: 4 } });
    expect(world.count('exhausted')).toBe(1);
  });
});
