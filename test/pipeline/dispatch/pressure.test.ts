import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NEARLY_FULL = 100_000;

const full: Interceptor = async (call, run) => (call.method === 'inFlight' ? NEARLY_FULL : run());

describe('when retries has too many messages', () => {
  test('a message that would be hidden again is replaced by a parked record, and its delivery comes when it is due', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [3600] } });
    const event = await post();
    await world.run(process, MINUTE);
    // Its message is delayed by 15 minutes, the most that a queue allows, and then comes up early.
    const dueAt = (await world.delivery(event, endpoint.id))?.dueAt ?? 0;
    await world.run(world.process(undefined, full), 30 * MINUTE);
    expect(world.count('retries')).toBe(0);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'parked', dueAt });
    await world.run(world.process(), 2 * HOUR);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    const [, second] = world.customers.at(endpoint.url);
    expect(second?.at).toBeGreaterThanOrEqual(dueAt);
    expect(second?.at).toBeLessThan(dueAt + MINUTE);
  });
});

describe('when the messages cannot be counted', () => {
  const uncounted: Interceptor = async (call, run) => {
    if (call.method === 'inFlight') throw new ServiceFault('throttled');
    return run();
  };

  test('the result of an attempt is recorded all the same, and its retry waits as usual', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60] } });
    const event = await post();
    await world.run(world.process(undefined, uncounted), 30_000);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'retrying', attempts: [{ number: 1 }] });
    expect(world.count('retries')).toBe(1);
    expect(world.log.named('dispatch.not-counted')).toHaveLength(1);
    await world.run(world.process(undefined, uncounted), 2 * MINUTE);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
  });

  test('and never were, there is room: a retry that is far off waits in its queue', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [3600] } });
    const event = await post();
    await world.run(world.process(undefined, uncounted), 30_000);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'retrying', attempts: [{ number: 1 }] });
    expect(world.count('retries')).toBe(1);
  });

  test('the last count holds', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [600, 600] } });
    let counts = 0;
    const fullOnce: Interceptor = async (call, run) => {
      if (call.method !== 'inFlight') return run();
      counts += 1;
      if (counts > 1) throw new ServiceFault('throttled');
      return NEARLY_FULL;
    };
    const process = world.process(undefined, fullOnce);
    const event = await post();
    await world.run(process, 15 * MINUTE);
    expect(counts).toBeGreaterThan(1);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'parked', attempts: { length: 2 } });
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
  });
});
