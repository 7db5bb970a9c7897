import { expect } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { sweep } from '../../../lib/pipeline/sweep/sweep.ts';
import type { BrakeScope } from '../../../lib/ports/brakes.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.for<BrakeScope>(['deployment', { tenantId: TENANT }])(
  'under the brake of %o nothing is sent and nothing is lost',
  async (scope, { world, process, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60, 60] } });
    const before = await post();
    await world.drain(process);
    await world.store.brakes.set(scope, world.clock.now());
    const during = await post();
    await world.run(process, 3 * HOUR);
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
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

test('after the release sending starts again within five minutes', async ({ world, process, post }) => {
  const { url } = await world.endpointAnswering(200);
  await world.store.brakes.set('deployment', world.clock.now());
  await post();
  await world.run(process, HOUR);
  await world.store.brakes.release('deployment');
  const released = world.clock.now();
  await world.run(process, HOUR);
  expect((world.customers.at(url)[0]?.at ?? 0) - released).toBeLessThanOrEqual(6 * MINUTE);
});

test('after the release a limited endpoint gets what waited at its rate', async ({ world, process, post }) => {
  const { url } = await world.endpointAnswering(200, { rateLimitPerSecond: 0.1 });
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

test("a tenant's brake stops no other tenant", async ({ world, process, post }) => {
  const { url } = await world.endpointAnswering(200);
  await world.store.brakes.set({ tenantId: 'org_other' }, world.clock.now());
  await post();
  await world.drain(process);
  expect(world.customers.at(url)).toHaveLength(1);
});

test('a delivery whose message sweep has sent after the release is no longer braked', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering(200);
  await world.store.brakes.set('deployment', world.clock.now());
  const eventId = await post();
  await world.drain(process);
  await world.store.brakes.release('deployment');
  await world.clock.advance(6 * MINUTE);
  await sweep(world.ports, world.clock.now() + MINUTE);
  const delivery = await world.delivery(eventId, endpoint.id);
  expect(delivery).toMatchObject({ status: 'pending' });
  expect(delivery).not.toHaveProperty('statusReason');
  const id = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 });
  expect((await retryDelivery(world.ports, TENANT, id)).delivery).toMatchObject({ status: 'pending' });
});
