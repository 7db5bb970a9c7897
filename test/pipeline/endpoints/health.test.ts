import { describe, expect } from 'vitest';
import type { EndpointHealth } from '../../../lib/domain/endpoint.ts';
import { deleteEndpoint, disableEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('the circuit breaker', () => {
  test('an endpoint that fails for more than a minute is paused, and its deliveries are held', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [30, 30, 30] } });
    const events = [];
    for (let n = 0; n < 5; n += 1) events.push(await post());
    await world.run(process, HOUR);
    const paused = await world.store.endpoints.get(TENANT, endpoint.id);
    expect(paused).toMatchObject({ status: 'paused', statusReason: 'breaker' });
    const late = await post();
    await world.drain(process);
    expect(await world.delivery(late, endpoint.id)).toMatchObject({ status: 'held', attempts: [] });
  });

  test('a burst of failures within a minute is no outage', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [5] } });
    for (let n = 0; n < 30; n += 1) await post();
    await world.run(process, HOUR);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
    expect(await world.store.health.get(TENANT, endpoint.id)).toMatchObject({ consecutiveFailures: 0 });
  });

  test('an endpoint that is edited between the last failure that counts and the trip is not paused', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [30, 30, 30] } });
    for (let n = 0; n < 5; n += 1) await post();
    let edited = false;
    const editing: Interceptor = async (call, run) => {
      const answer = await run();
      const { consecutiveFailures = 0, failingSince = Infinity } = { ...(answer as EndpointHealth | undefined) };
      const trips = consecutiveFailures >= 10 && world.clock.now() - failingSince >= MINUTE;
      if (call.method === 'countFailure' && trips && !edited) {
        edited = true;
        const url = world.customers.open('new', () => 200);
        await updateEndpoint(world.ports, TENANT, endpoint.id, { url });
      }
      return answer;
    };
    await world.run(world.process(undefined, editing), HOUR);
    expect(edited).toBe(true);
    expect(world.log.named('endpoint.tripped')).toEqual([]);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
  });

  test('a 429 uses an attempt and does not count', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(429, { retry: { delays: [30, 30, 30] } });
    for (let n = 0; n < 10; n += 1) await post();
    await world.run(process, HOUR);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
    expect(world.count('exhausted')).toBe(10);
  });
});

describe('an answer that comes late', () => {
  test('of 410, from an address that the endpoint no longer has, disables nothing', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(410, { retry: { delays: [1] } });
    await post();
    const moved = world.customers.open('new', () => 200);
    const late: Interceptor = async (call, run) => {
      const answer = await run();
      if (call.port === 'sender') await updateEndpoint(world.ports, TENANT, endpoint.id, { url: moved });
      return answer;
    };
    await world.drain(world.process(undefined, late));
    await world.run(process, MINUTE);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
    expect(world.customers.at(moved)).toHaveLength(1);
  });

  test('from an endpoint that is deleted meanwhile is no fault of ours', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(410);
    await post();
    const late: Interceptor = async (call, run) => {
      const answer = await run();
      if (call.port === 'sender') await deleteEndpoint(world.ports, TENANT, endpoint.id);
      return answer;
    };
    await world.drain(world.process(undefined, late));
    await world.run(process, HOUR);
    expect(world.log.named('dispatch.fault')).toEqual([]);
    expect(world.count('poison')).toBe(0);
  });

  test('with a failure is not written over a delivery that was abandoned meanwhile', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [60, 60] } });
    const event = await post();
    await world.drain(process);
    await world.clock.advance(2 * MINUTE);
    const late: Interceptor = async (call, run) => {
      const answer = await run();
      if (call.port === 'sender') {
        await disableEndpoint(world.ports, TENANT, endpoint.id);
        const jobs = await world.store.queues.receive('jobs', 10);
        for (let step = jobs; step.length > 0; step = await world.store.queues.receive('jobs', 10)) {
          await process.handle('jobs', step);
          await world.store.queues.delete('jobs', step);
        }
      }
      return answer;
    };
    const messages = await world.store.queues.receive('retries', 10);
    await world.process(undefined, late).handle('retries', messages);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'disabled' });
  });
});
