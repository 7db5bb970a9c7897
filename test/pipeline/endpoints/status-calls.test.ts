import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import {
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
} from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('pause', () => {
  test('a delivery that is being held while its endpoint is resumed is not left behind', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const event = await post();
    // After dispatch has read and before it writes `held`, a person resumes, and the release job finds nothing.
    const racing = world.process(undefined, async (call, run) => {
      if (call.method === 'writeUnlessSuperseded') {
        await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
      }
      return run();
    });
    const messages = await world.store.queues.receive('deliveries', 10);
    expect(await racing.handle('deliveries', messages)).toEqual([]);
    await world.store.queues.delete('deliveries', messages);
    await world.run(process, MINUTE);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('a delivery that is being held while its endpoint is disabled is abandoned at once, even if it is enabled again', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await pauseEndpoint(world.ports, TENANT, endpoint.id);
    const event = await post();
    const [message] = await world.store.queues.receive('deliveries', 1);
    const disabling: Interceptor = async (call, run) => {
      if (call.method === 'writeUnlessSuperseded') await disableEndpoint(world.ports, TENANT, endpoint.id);
      const answer = await run();
      if (call.port === 'reader') await enableEndpoint(world.ports, TENANT, endpoint.id).catch(() => undefined);
      return answer;
    };
    expect(await world.process(undefined, disabling).handle('deliveries', message ? [message] : [])).toEqual([]);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'disabled' });
    expect(world.customers.at(endpoint.url)).toEqual([]);
  });

  test('a request starts only on a fresh reading of its endpoint: a pause 1.5 s after the read stops it', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await post();
    const slow: Interceptor = async (call, run) => {
      if (call.port === 'secrets' && world.customers.received.length === 0) {
        await pauseEndpoint(world.ports, TENANT, endpoint.id);
        await world.clock.advance(1.5 * SECOND);
      }
      return run();
    };
    await world.drain(world.process(undefined, slow));
    expect(world.customers.at(endpoint.url)).toHaveLength(0);
    expect(world.log.named('dispatch.held')).toHaveLength(1);
  });

  test('what is held is released after a resume, and the time in between counts for nothing', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60, 60] } });
    const event = await post();
    await world.drain(process);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    await world.run(process, 10 * DAY);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('held');
    const startedAt = (await world.delivery(event, endpoint.id))?.scheduleStartedAt ?? 0;
    await resumeEndpoint(process.ports, TENANT, endpoint.id, 'release');
    await world.run(process, HOUR);
    const delivered = await world.delivery(event, endpoint.id);
    expect(delivered).toMatchObject({ status: 'delivered', attempts: { length: 2 } });
    expect((delivered?.scheduleStartedAt ?? 0) - startedAt).toBeGreaterThan(9 * DAY);
  });

  test('what is held for fourteen days is abandoned as expired', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const event = await post();
    await world.run(process, 14 * DAY + HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
  });

  test('a discard whose resume was never made discards nothing at the resume of another', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const event = await post();
    await world.drain(process);
    const failsAt = (method: string) =>
      world.process(undefined, async (call, run) => {
        if (call.method === method) throw new ServiceFault('gone');
        return run();
      });
    const discarded = resumeEndpoint(failsAt('replaceIfGeneration').ports, TENANT, endpoint.id, 'discard');
    await expect(discarded).rejects.toThrow(ServiceFault);
    await world.clock.advance(MINUTE);
    // Sweep starts its job a minute after the other's.
    await resumeEndpoint(failsAt('send').ports, TENANT, endpoint.id, 'release');
    await world.run(process, HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered' });
  });

  test('a resume can discard what is held', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200);
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const old = await post();
    await world.drain(process);
    await resumeEndpoint(process.ports, TENANT, endpoint.id, 'discard');
    const fresh = await post();
    await world.run(process, HOUR);
    expect(await world.delivery(old, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'discarded' });
    expect((await world.delivery(fresh, endpoint.id))?.status).toBe('delivered');
  });
});

describe('a change that others get before, time after time', () => {
  const losing: Interceptor = async (call, run) => (call.method === 'replaceIfGeneration' ? false : run());

  test.for([
    ['an edit', (ports: Ports, id: string) => updateEndpoint(ports, TENANT, id, { label: 'mine' })],
    ['a pause', (ports: Ports, id: string) => pauseEndpoint(ports, TENANT, id)],
    ['a delete', (ports: Ports, id: string) => deleteEndpoint(ports, TENANT, id)],
  ] as const)('%s is the caller’s to repeat, and no fault of ours', async ([, change], { world }) => {
    const { id } = await world.endpointAnswering(200);
    const { ports } = world.process(undefined, losing);
    const startedAt = world.clock.now();
    const changing = world.clock.advanceUntil<unknown>(change(ports, id));
    await expect(changing).rejects.toMatchObject({ code: 'changed-meanwhile', retryAfterSeconds: 1 });
    expect(world.clock.now() - startedAt).toBeLessThan(7 * SECOND);
    expect(await world.store.endpoints.get(TENANT, id)).toMatchObject({ generation: 1, status: 'active' });
  });
});

describe('an endpoint that is not active from the beginning', () => {
  test('paused: all that comes for it is held, until it is resumed', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { status: 'paused' });
    const held = await post();
    await world.drain(process);
    expect(await world.delivery(held, endpoint.id)).toMatchObject({ status: 'held', attempts: [] });
    expect(world.customers.at(endpoint.url)).toEqual([]);
    await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
    await world.run(process, MINUTE);
    expect(await world.delivery(held, endpoint.id)).toMatchObject({ status: 'delivered' });
  });

  test('disabled: it is matched with nothing, until it is enabled', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { status: 'disabled' });
    const before = await post();
    await world.drain(process);
    expect((await world.store.events.get(TENANT, before))?.endpointIds).toEqual([]);
    await enableEndpoint(world.ports, TENANT, endpoint.id);
    const after = await post();
    await world.drain(process);
    expect(await world.delivery(after, endpoint.id)).toMatchObject({ status: 'delivered' });
    expect(world.customers.at(endpoint.url)).toHaveLength(1);
  });
});
