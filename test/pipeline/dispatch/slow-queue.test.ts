import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { QUEUE_RULES } from '../../../lib/ports/queue-rules.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { type Process, TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SLOWLY = { status: 200, durationMs: 9000 };

const test = base
  /** An endpoint that is noted as slow for a month. */
  .extend('slowEndpoint', ({ world }) => async (...given: Parameters<World['endpointAnswering']> | []) => {
    const [answers = 200, input] = given;
    const endpoint = await world.endpointAnswering(answers, input);
    const { id: endpointId, generation } = endpoint;
    const since = world.clock.now();
    await world.store.health.noteSlow({ tenantId: TENANT, endpointId, generation, since, until: since + 30 * DAY });
    return endpoint;
  });

/** Works one batch and acknowledges what may go. @returns how many messages there were */
async function workOff(world: World, process: Process, queue: 'deliveries' | 'retries' | 'slow', most = 10) {
  const messages = await world.store.queues.receive(queue, most);
  const kept = await process.handle(queue, messages);
  await world.store.queues.delete(
    queue,
    messages.filter(({ messageId }) => !kept.includes(messageId)),
  );
  return messages.length;
}

describe('the queue slow', () => {
  test('has its message before the first queue loses it', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    await post();
    await post();
    await world.drain(process);
    const event = await post();
    const refusing: Interceptor = async (call, run) => {
      if (call.method === 'send') throw new ServiceFault('the queue is down');
      return run();
    };
    const messages = await world.store.queues.receive('deliveries', 10);
    const kept = await world.process(undefined, refusing).handle('deliveries', messages);
    expect(kept).toEqual(messages.map(({ messageId }) => messageId));
    await world.run(process, 5 * MINUTE);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('has only deliveries with a record: sweep sends one again whose message the queue has dropped', async ({
    world,
    process,
    post,
    slowEndpoint,
  }) => {
    const endpoint = await slowEndpoint();
    await process.sweep();
    const event = await post();
    await workOff(world, process, 'deliveries');
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'pending', attempts: [], epoch: 0 });
    // Nobody has come to it for ten days.
    await world.clock.advance(QUEUE_RULES.slow.retentionSeconds * 1000);
    expect(await world.store.queues.receive('slow', 10)).toEqual([]);
    await world.run(process, HOUR);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
  });

  test.for([
    ['deliveries', 200],
    ['retries', 500],
  ] as const)(
    'gets one more message a day of what waits in it, not one each 15 minutes: from %s',
    async ([from, first], { world, process, post, slowEndpoint }) => {
      const endpoint = await slowEndpoint([{ status: first, durationMs: 9000 }, 200], { retry: { delays: [60, 60] } });
      const event = await post();
      if (from === 'retries') await world.drain(process);
      // All the time, slow has older messages to work.
      for (const end = world.clock.now() + 5 * DAY; world.clock.now() < end; await world.clock.advance(HOUR)) {
        await process.sweep();
        for (const queue of ['deliveries', 'retries'] as const) await workOff(world, process, queue);
      }
      expect(world.count('slow')).toBeLessThanOrEqual(6);
      expect(world.count('slow')).toBeGreaterThan(1);
      // They come up a day apart: the first makes the request, the others are acknowledged.
      while (await workOff(world, process, 'slow', 1));
      expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered' });
      expect(world.customers.at(endpoint.url)).toHaveLength(from === 'retries' ? 2 : 1);
      expect(world.count('slow')).toBe(0);
    },
  );

  test('does not let a limited endpoint’s deliveries go all at once when it is quick again', async ({
    world,
    process,
    post,
    slowEndpoint,
  }) => {
    const { id: endpointId, generation, url } = await slowEndpoint(200, { rateLimitPerSecond: 1 });
    for (let n = 0; n < 100; n += 1) await post();
    while (await workOff(world, process, 'deliveries'));
    while (await workOff(world, process, 'slow'));
    // Each has a slot now, except for the first; they come up in time, and go to slow, which has other work for an hour.
    expect([world.count('retries'), world.customers.at(url).length]).toEqual([99, 1]);
    await world.clock.advance(2 * MINUTE);
    while (await workOff(world, process, 'retries'));
    expect([world.count('retries'), world.count('slow')]).toEqual([0, 99]);
    await world.clock.advance(HOUR);
    await world.store.health.clearSlow({ tenantId: TENANT, endpointId, generation });
    await world.run(process, 5 * MINUTE);
    const times = world.customers.at(url).map(({ at }) => at);
    expect(times).toHaveLength(100);
    const inMinutes = times.map((from) => times.filter((at) => at >= from && at < from + MINUTE).length);
    expect(Math.max(...inMinutes)).toBeLessThanOrEqual(66);
  });

  test('always longer than a slot is valid keeps no delivery from going in the end', async ({
    world,
    process,
    post,
    slowEndpoint,
  }) => {
    const { url } = await slowEndpoint(200, { rateLimitPerSecond: 1 });
    for (let n = 0; n < 300; n += 1) await post();
    while (await workOff(world, process, 'deliveries'));
    // Whatever comes to slow waits there for a minute and a half at least.
    for (let rounds = 0; rounds < 60 && world.customers.at(url).length < 300; rounds += 1) {
      const before = world.count('slow');
      for (let second = 0; second < 90; second += 5) {
        await world.clock.advance(5000);
        while (await workOff(world, process, 'retries'));
      }
      for (let left = before; left > 0;) left -= await workOff(world, process, 'slow', Math.min(left, 10));
    }
    expect(world.customers.at(url)).toHaveLength(300);
  });

  test('holds what comes up for a paused endpoint, like any other', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    await post();
    await post();
    await world.drain(process);
    const event = await post();
    await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
    await pauseEndpoint(world.ports, TENANT, endpoint.id);
    await world.drain(process);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('held');
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
  });
});

test('under a brake, a slow endpoint’s delivery is parked at once, without a turn in slow', async ({
  world,
  process,
  post,
  slowEndpoint,
}) => {
  const endpoint = await slowEndpoint();
  const event = await post();
  await world.store.brakes.set('deployment', world.clock.now());
  await workOff(world, process, 'deliveries');
  expect(world.count('slow')).toBe(0);
  expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'parked', statusReason: 'braked' });
  await world.store.brakes.release('deployment');
  await world.run(process, HOUR);
  expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
});
