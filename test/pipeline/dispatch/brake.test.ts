import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BrakeScope } from '../../../lib/ports/brakes.ts';
import { type Process, TENANT, World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;
let process: Process;
beforeEach(() => {
  world = new World();
  process = world.process();
});
afterEach(() => world.close());

const post = async () => (await process.ingest(world.request())).id;

test.each<BrakeScope>(['deployment', { tenantId: TENANT }])(
  'under the brake of %o nothing is sent and nothing is lost',
  async (scope) => {
    const url = world.customers.open('a', (nth) => (nth === 1 ? 500 : 200));
    const endpoint = await world.endpoint({ url, retry: { delays: [60, 60] } });
    const before = await post();
    await world.drain(process);
    await world.store.brakes.set(scope, world.clock.now());
    const during = await post();
    await world.run(process, 3 * HOUR);
    expect(world.customers.at(url)).toHaveLength(1);
    for (const event of [before, during]) {
      expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'parked', statusReason: 'braked' });
    }
    expect(world.count('retries') + world.count('deliveries')).toBe(0);

    await world.store.brakes.release(scope);
    await world.run(process, HOUR);
    for (const event of [before, during]) {
      expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    }
  },
);

test('after the release sending starts again within five minutes', async () => {
  const url = world.customers.open('a', () => 200);
  await world.endpoint({ url });
  await world.store.brakes.set('deployment', world.clock.now());
  await post();
  await world.run(process, HOUR);
  await world.store.brakes.release('deployment');
  const released = world.clock.now();
  await world.run(process, HOUR);
  expect((world.customers.at(url)[0]?.at ?? 0) - released).toBeLessThanOrEqual(6 * MINUTE);
});

test('what waited for its turn at a limited endpoint goes at its rate after the release', async () => {
  const url = world.customers.open('a', () => 200);
  await world.endpoint({ url, rateLimitPerSecond: 0.1 });
  for (let n = 0; n < 12; n += 1) await post();
  await world.drain(process);
  await world.store.brakes.set('deployment', world.clock.now());
  await world.run(process, HOUR);
  await world.store.brakes.release('deployment');
  await world.run(process, HOUR);
  const times = world.customers.at(url).map(({ at }) => at);
  expect(times).toHaveLength(12);
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(10_000);
});

test("another tenant's brake stops nobody else", async () => {
  const url = world.customers.open('a', () => 200);
  await world.endpoint({ url });
  await world.store.brakes.set({ tenantId: 'org_other' }, world.clock.now());
  await post();
  await world.drain(process);
  expect(world.customers.at(url)).toHaveLength(1);
});
