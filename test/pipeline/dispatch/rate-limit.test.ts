import { expect } from 'vitest';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

test('an endpoint gets its limit within a tenth over a minute, from several dispatchers', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering(200, { rateLimitPerSecond: 2 });
  for (let n = 0; n < 240; n += 1) await post();
  const messages = [];
  for (let batch = await world.store.queues.receive('deliveries', 10); batch.length > 0;) {
    messages.push(batch);
    batch = await world.store.queues.receive('deliveries', 10);
  }
  // Each batch goes to its own dispatcher, all at the same time.
  await Promise.all(
    messages.map(async (batch) => {
      const kept = new Set(await world.process().handle('deliveries', batch));
      await world.store.queues.delete(
        'deliveries',
        batch.filter(({ messageId }) => !kept.has(messageId)),
      );
    }),
  );
  await world.run(process, 3 * MINUTE);
  const times = world.customers.at(endpoint.url).map(({ at }) => at);
  expect(times).toHaveLength(240);
  const start = times[0] ?? 0;
  const inMinute = (n: number) =>
    times.filter((at) => at >= start + n * MINUTE && at < start + (n + 1) * MINUTE).length;
  for (const count of [inMinute(0), inMinute(1)]) {
    expect(count).toBeGreaterThanOrEqual(108);
    expect(count).toBeLessThanOrEqual(132);
  }
  expect(await world.store.health.get(TENANT, endpoint.id)).toBeUndefined();
});

test('each message of a limited endpoint waits once: one slot an attempt', async ({ world, post }) => {
  const endpoint = await world.endpointAnswering(200, { rateLimitPerSecond: 0.1 });
  const counted = world.process();
  await post();
  const second = await post();
  await world.run(counted, MINUTE);
  expect(counted.life.calls.filter(({ port }) => port === 'slots')).toHaveLength(2);
  const requests = world.customers.at(endpoint.url).map(({ at }) => at);
  expect((requests[1] ?? 0) - (requests[0] ?? 0)).toBe(10 * SECOND);
  expect(await world.delivery(second, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 1 } });
});

test('a delivery that is read again before it goes keeps the slot that was free for it', async ({ world, post }) => {
  const { url } = await world.endpointAnswering(200, { rateLimitPerSecond: 0.1 });
  await post();
  let slow = true;
  const stale = world.process(undefined, async (call, run) => {
    const answer = await run();
    // By the time the request could start, the reading is too old.
    if (call.port === 'secrets' && slow) await world.clock.advance(1.5 * SECOND);
    if (call.port === 'secrets') slow = false;
    return answer;
  });
  await world.drain(stale);
  expect(stale.life.calls.filter(({ port }) => port === 'reader')).toHaveLength(2);
  expect(stale.life.calls.filter(({ port }) => port === 'slots')).toHaveLength(1);
  expect(world.customers.at(url)).toHaveLength(1);
});

test('while it waits for its slot a delivery is pending and says why', async ({ world, process, post }) => {
  const endpoint = await world.endpointAnswering(200, { rateLimitPerSecond: 0.01 });
  await post();
  const waiting = await post();
  await world.drain(process);
  expect(await world.delivery(waiting, endpoint.id)).toMatchObject({
    status: 'pending',
    statusReason: 'rate_limited',
    attempts: [],
  });
  expect(world.count('deliveries')).toBe(0);
});

test('an endpoint without a limit costs no slot', async ({ world, process, post }) => {
  await world.endpointAnswering(200);
  await post();
  await world.drain(process);
  expect(process.life.calls.filter(({ port }) => port === 'slots')).toHaveLength(0);
});

test('a new limit voids the slots of the old one', async ({ world, process, post }) => {
  const endpoint = await world.endpointAnswering(200, { rateLimitPerSecond: 0.01 });
  for (let n = 0; n < 5; n += 1) await post();
  await world.drain(process);
  await updateEndpoint(world.ports, TENANT, endpoint.id, { rateLimitPerSecond: 10 });
  await world.run(process, 10 * MINUTE);
  expect(world.customers.at(endpoint.url)).toHaveLength(5);
});
