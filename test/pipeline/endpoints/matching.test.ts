import { describe, expect } from 'vitest';
import { createEndpoint } from '../../../lib/pipeline/endpoints/create.ts';
import {
  disableEndpoint,
  enableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
} from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { changeStatus } from '../../../lib/pipeline/endpoints/change-status.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;

/** The port calls that ingest makes for one post, by their names. */
async function callsOfPost(world: World, process = world.process()): Promise<string[]> {
  const before = process.life.calls.length;
  await process.ingest(world.request());
  return process.life.calls.slice(before).map(({ port, method }) => `${port}.${method}`);
}

describe('what ingest reads of a tenant', () => {
  test('stays the same when an endpoint trips, is paused, resumed, or gets another label', async ({ world }) => {
    const { id } = await world.endpointAnswering(200);
    const process = world.process();
    await callsOfPost(world, process);
    await changeStatus(world.ports, TENANT, id, 'trip');
    await resumeEndpoint(world.ports, TENANT, id, 'release');
    await pauseEndpoint(world.ports, TENANT, id);
    await updateEndpoint(world.ports, TENANT, id, { label: 'another', url: 'https://moved.example' });
    expect(await callsOfPost(world, process)).toEqual([
      'subscriptions.tenant',
      'events.putUnlessExists',
      'queues.send',
    ]);
  });

  test('is one shard of many after a change of one endpoint, also in an hour', async ({ world }) => {
    const input = { url: 'https://a.example', events: ['*'], dialect: 'standard', timeoutSeconds: 10 };
    const made = [];
    for (let n = 0; n < 12; n += 1) made.push(await createEndpoint(world.ports, TENANT, input, 100, 1));
    const process = world.process();
    const cold = (await callsOfPost(world, process)).filter((call) => call === 'subscriptions.ofShard');
    expect(cold.length).toBeGreaterThan(1);
    await world.clock.advance(60 * MINUTE);
    await updateEndpoint(world.ports, TENANT, made[2]?.endpoint.id ?? '', { events: ['other'] });
    const reads = (await callsOfPost(world, process)).filter((call) => call.startsWith('subscriptions.'));
    expect(reads).toEqual(['subscriptions.tenant', 'subscriptions.ofShard']);
  });

  test('is one shard for a tenant of five endpoints, which a new process reads once for posts at once', async ({
    world,
  }) => {
    for (let n = 0; n < 5; n += 1) await world.endpointAnswering(200);
    const process = world.process();
    await Promise.all(Array.from({ length: 10 }, () => process.ingest(world.request())));
    expect(process.life.calls.filter(({ method }) => method === 'ofShard')).toHaveLength(1);
  });

  test('is read again after a reading that failed', async ({ world }) => {
    await world.endpointAnswering(200);
    let fails = true;
    const failing: Interceptor = async (call, run) => {
      if (fails && call.method === 'ofShard') throw new Error('throttled');
      return run();
    };
    const process = world.process(undefined, failing);
    await expect(process.ingest(world.request())).rejects.toThrow('throttled');
    fails = false;
    expect((await process.ingest(world.request())).deliveries).toBe(1);
  });
});

describe('an event that is posted right after', () => {
  test('an edit of the patterns, or of the project, is matched with them', async ({ world, process }) => {
    const { id } = await world.endpointAnswering(200, { events: ['order.*'] });
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(0);
    await updateEndpoint(world.ports, TENANT, id, { events: ['task.*'] });
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(1);
    await updateEndpoint(world.ports, TENANT, id, { projectId: 'p' });
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(0);
    await updateEndpoint(world.ports, TENANT, id, { projectId: null });
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(1);
  });

  test('an edit that is repeated, because the first one died half-way, is matched with it', async ({
    world,
    process,
  }) => {
    const { id } = await world.endpointAnswering(200, { events: ['order.*'] });
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(0);
    const dies: Interceptor = (call, run) =>
      call.port === 'subscriptions' ? Promise.reject(new Error('dead')) : run();
    const edit = { events: ['task.*'] };
    await expect(updateEndpoint(world.process(undefined, dies).ports, TENANT, id, edit)).rejects.toThrow('dead');
    await updateEndpoint(world.ports, TENANT, id, edit);
    expect((await process.ingest(world.request('task.done'))).deliveries).toBe(1);
  });

  test('an enable that is repeated, because the first one died half-way, is matched with it', async ({
    world,
    process,
  }) => {
    const { id } = await world.endpointAnswering(200);
    await disableEndpoint(world.ports, TENANT, id);
    expect((await process.ingest(world.request())).deliveries).toBe(0);
    const dies: Interceptor = (call, run) =>
      call.port === 'subscriptions' ? Promise.reject(new Error('dead')) : run();
    await expect(enableEndpoint(world.process(undefined, dies).ports, TENANT, id)).rejects.toThrow('dead');
    await enableEndpoint(world.ports, TENANT, id);
    expect((await process.ingest(world.request())).deliveries).toBe(1);
  });

  test('an enable, while a slow process still carries out the disable before it, is matched', async ({
    world,
    process,
  }) => {
    const { id } = await world.endpointAnswering(200);
    const slow: Interceptor = async (call, run) => {
      if (call.method === 'removeUnlessNewer') await enableEndpoint(world.ports, TENANT, id);
      return run();
    };
    await disableEndpoint(world.process(undefined, slow).ports, TENANT, id);
    expect((await process.ingest(world.request())).deliveries).toBe(1);
  });

  test('a disable, while a slow process still carries out the enable before it, is not matched', async ({
    world,
    process,
  }) => {
    const { id } = await world.endpointAnswering(200);
    await disableEndpoint(world.ports, TENANT, id);
    const slow: Interceptor = async (call, run) => {
      if (call.method === 'putUnlessNewer') await disableEndpoint(world.ports, TENANT, id);
      return run();
    };
    await enableEndpoint(world.process(undefined, slow).ports, TENANT, id);
    expect((await process.ingest(world.request())).deliveries).toBe(0);
  });
});

describe('the job that finishes a change', () => {
  test('ends with it: sweep has nothing to do', async ({ world, process }) => {
    await world.endpointAnswering(200);
    await world.run(process, 30 * MINUTE);
    expect(process.life.calls.filter(({ port }) => port === 'jobs')).toEqual([]);
  });

  test('ends by itself when its change was never made', async ({ world, process }) => {
    const dies: Interceptor = (call, run) =>
      call.method === 'createUnlessExists' && call.port === 'endpoints' ? Promise.reject(new Error('dead')) : run();
    const input = { url: 'https://a.example', events: ['*'], dialect: 'standard', timeoutSeconds: 10 };
    await expect(createEndpoint(world.process(undefined, dies).ports, TENANT, input, 10)).rejects.toThrow('dead');
    await world.run(process, 60 * MINUTE);
    expect(world.log.named('job.done')).toMatchObject([{ fields: { kind: 'repair' } }]);
    expect(await callsOfPost(world)).not.toContain('subscriptions.ofShard');
  });

  test('stays when the adapter took its own write for another’s, and then finishes it', async ({ world, process }) => {
    const { id } = await world.endpointAnswering(200);
    const unaware: Interceptor = async (call, run) => {
      const answer = await run();
      return call.method === 'replaceIfGeneration' && call.port === 'endpoints' ? false : answer;
    };
    await changeStatus(world.process(undefined, unaware).ports, TENANT, id, 'gone', 1);
    expect(await world.store.endpoints.get(TENANT, id)).toMatchObject({ status: 'disabled' });
    await world.run(process, 5 * MINUTE);
    expect((await process.ingest(world.request())).deliveries).toBe(0);
  });
});
