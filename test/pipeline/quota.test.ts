import { expect } from 'vitest';
import { ServiceFault } from '../../lib/domain/errors.ts';
import type { Interceptor } from '../support/fault-injection.ts';
import { test } from '../support/pipeline-test.ts';
import { type Process, TENANT, type World } from '../support/world.ts';

const SECOND = 1000;

/** Posts `perSecond` events a second for a minute, spread over the processes. Returns how many are accepted. */
async function acceptedInMinute(world: World, processes: Process[], perSecond: number): Promise<number> {
  let accepted = 0;
  for (let tick = 0; tick < 60 * 10; tick += 1) {
    for (let n = 0; n < perSecond / 10; n += 1) {
      const process = processes[(tick + n) % processes.length] as Process;
      accepted += await process.ingest(world.request()).then(
        () => 1,
        () => 0,
      );
    }
    await world.clock.advance(SECOND / 10);
  }
  return accepted;
}

const several = (world: World, count: number) => Array.from({ length: count }, () => world.process());

test.for([
  { processes: 1, perSecond: 50 },
  { processes: 8, perSecond: 50 },
])(
  'a tenant gets its quota within a fifth over a minute, from $processes processes',
  async ({ processes, perSecond }, { world }) => {
    await world.store.subscriptions.setQuota(TENANT, 10);
    const accepted = await acceptedInMinute(world, several(world, processes), perSecond);
    expect(accepted).toBeGreaterThanOrEqual(480);
    expect(accepted).toBeLessThanOrEqual(720);
  },
);

test('posts below the quota are never refused', async ({ world }) => {
  await world.store.subscriptions.setQuota(TENANT, 12);
  expect(await acceptedInMinute(world, several(world, 4), 10)).toBe(600);
});

test('a refusal says when to retry, and stores nothing of the event', async ({ world, process }) => {
  await world.store.subscriptions.setQuota(TENANT, 1 / 60);
  await process.ingest(world.request());
  await expect(process.ingest(world.request())).rejects.toMatchObject({
    code: 'over-quota',
    retryAfterSeconds: 60,
  });
  expect(await world.store.events.page(TENANT, { limit: 10 })).toHaveLength(1);
  await world.clock.advance(60 * SECOND);
  expect((await process.ingest(world.request())).deliveries).toBe(0);
});

test('the count is synchronized with the table at most once a second, and not at all without a quota', async ({
  world,
  process,
}) => {
  const settled = () => process.life.calls.filter(({ port }) => port === 'quotas').length;
  for (let n = 0; n < 20; n += 1) await process.ingest(world.request());
  expect(settled()).toBe(0);
  await world.store.subscriptions.setQuota(TENANT, 100);
  for (let tick = 0; tick < 30; tick += 1) {
    for (let n = 0; n < 5; n += 1) await process.ingest(world.request());
    await world.clock.advance(SECOND / 10);
  }
  expect(settled()).toBe(3);
});

test("one tenant's quota is not another's", async ({ world, process }) => {
  await world.store.subscriptions.setQuota('org_other', 1 / 60);
  for (let n = 0; n < 5; n += 1) await process.ingest(world.request());
});

test('a repeated post counts too, and the first event is delivered', async ({ world, process }) => {
  await world.store.subscriptions.setQuota(TENANT, 1 / 60);
  const { url } = await world.endpointAnswering(200);
  const post = () => process.ingest(world.request('task.completed', 'key'));
  const first = await post();
  for (let repeats = 0; repeats < 50; repeats += 1) await expect(post()).rejects.toMatchObject({ code: 'over-quota' });
  expect(world.count('deliveries')).toBe(1);
  await world.run(process, 60 * SECOND);
  expect(world.customers.countsByEvent(url)).toEqual(new Map([[first.id, 1]]));
  expect(await post()).toEqual(first);
});

test('a count that cannot be written stops no event, and a line tells of it', async ({ world }) => {
  await world.store.subscriptions.setQuota(TENANT, 10);
  const failing: Interceptor = async (call, run) => {
    if (call.port === 'quotas') throw new ServiceFault('throttled');
    return run();
  };
  const process = world.process(undefined, failing);
  for (let n = 0; n < 3; n += 1) expect(await process.ingest(world.request())).toMatchObject({ deliveries: 0 });
  expect(world.log.named('quota.uncounted')).toMatchObject([{ level: 'error', fields: { tenant_id: TENANT } }]);
});
