import { describe, expect } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import type { Job } from '../../../lib/domain/job.ts';
import {
  type RetryFilter,
  cancelJob,
  startBulkRetry,
  startEventReplay,
  startReplay,
} from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { disableEndpoint, pauseEndpoint, resumeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { getJob } from '../../../lib/pipeline/history/history.ts';
import { writeExhausted } from '../../support/manual.ts';
import { allDeliveries } from '../../support/invariants.ts';
import { openEndpoints } from '../../support/many-endpoints.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const job = (world: World, { id }: Job) => getJob(world.ports, TENANT, id);
const repeats = async (world: World) => (await allDeliveries(world)).filter(({ jobId }) => jobId !== undefined);
const retryAll = (world: World, filter: RetryFilter) => startBulkRetry(world.ports, TENANT, filter);
const events = (records: readonly Delivery[]) => records.map(({ eventId }) => eventId).toSorted();

/** The second one is a zero. */
const ENDS_BEFORE_ALL = [Date.UTC(1961), Date.UTC(1970)];

describe('a bulk retry', () => {
  test('goes through all pages, makes one delivery a pair, and shows its progress', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200);
    const written = await writeExhausted(world, endpoint, 230);
    const started = await retryAll(world, { status: 'exhausted' });
    expect(started).toMatchObject({ kind: 'retry', status: 'running', processed: 0, skipped: 0 });
    await world.drain(process);
    expect(await job(world, started)).toMatchObject({ status: 'running', processed: 100 });
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 230, skipped: 0 });
    const made = await repeats(world);
    expect(events(made)).toEqual(events(written));
    for (const one of made) {
      expect(one).toMatchObject({ ordinal: 1, retriedFromOrdinal: 0, jobId: started.id, status: 'delivered' });
    }
  });

  test('whose job is put twice, because the first answer was lost, is started once', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200);
    await writeExhausted(world, endpoint, 1);
    const twice = world.process(undefined, async (call, run) => {
      const answer = await run();
      return call.method === 'createUnlessExists' ? run() : answer;
    });
    const started = await startBulkRetry(twice.ports, TENANT, {});
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 1 });
    expect(await repeats(world)).toHaveLength(1);
  });

  test.for(ENDS_BEFORE_ALL)('of events before %i ms repeats nothing', async (until, { world, process }) => {
    await writeExhausted(world, await world.endpointAnswering(200), 1);
    const started = await retryAll(world, { until });
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 0, skipped: 0 });
  });

  test('whose id is taken is a fault of ours', async ({ world }) => {
    const taken = world.process(undefined, async (call, run) => (call.method === 'createUnlessExists' ? false : run()));
    await expect(startBulkRetry(taken.ports, TENANT, {})).rejects.toThrow('is taken');
  });

  test('that can’t read one pair sends the others at once, and that one when its page is repeated', async ({
    world,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await writeExhausted(world, endpoint, 3);
    const started = await retryAll(world, {});
    let reads = 0;
    const failing = world.process(undefined, async ({ method }, run) => {
      if (method === 'ofEvent' && (reads += 1) === 2) throw new Error('broken');
      return run();
    });
    const page = await world.store.queues.receive('jobs', 10);
    expect(await failing.handle('jobs', page)).toHaveLength(1);
    expect(await job(world, started)).toMatchObject({ status: 'running', processed: 0 });
    expect(await world.store.queues.receive('retries', 10)).toHaveLength(2);
    await failing.handle('jobs', page);
    expect(await job(world, started)).toMatchObject({ processed: 3 });
    expect(await world.store.queues.receive('retries', 10)).toHaveLength(1);
    expect(await repeats(world)).toHaveLength(3);
  });

  test('retries what meets every condition', async ({ world, process }) => {
    const [a, b] = [await world.endpointAnswering(200), await world.endpointAnswering(200)];
    await writeExhausted(world, a, 1);
    await world.clock.advance(MINUTE);
    const since = world.clock.now();
    await writeExhausted(world, a, 1, { eventType: 'task.started' });
    await writeExhausted(world, b, 1);
    await writeExhausted(world, a, 1, { status: 'abandoned', statusReason: 'expired' });
    const [meant] = await writeExhausted(world, a, 1);
    await world.clock.advance(MINUTE);
    const until = world.clock.now();
    await writeExhausted(world, a, 1);
    await retryAll(world, { endpointId: a.id, eventType: 'task.completed', status: 'exhausted', since, until });
    await world.run(process, MINUTE);
    expect(events(await repeats(world))).toEqual([meant?.eventId]);
    const both = await retryAll(world, { endpointId: a.id });
    await world.run(process, MINUTE);
    // The first job's delivery is delivered by now.
    expect(await job(world, both)).toMatchObject({ processed: 4, skipped: 1 });
  });

  test('skips what waits, what was delivered since, and what can’t be sent', async ({ world, process }) => {
    const customers = { isUp: false };
    const open = await world.endpointAnswering(() => (customers.isUp ? 200 : 500), { retry: { delays: [1] } });
    const shut = await world.endpointAnswering(200);
    await writeExhausted(world, shut, 1);
    await disableEndpoint(world.ports, TENANT, shut.id);
    await writeExhausted(world, open, 2);
    await pauseEndpoint(world.ports, TENANT, open.id);
    const first = await retryAll(world, { status: 'exhausted' });
    await world.run(process, MINUTE);
    expect(await job(world, first)).toMatchObject({ status: 'done', processed: 2, skipped: 1 });
    const second = await retryAll(world, { status: 'exhausted' });
    await world.run(process, MINUTE);
    expect(await job(world, second)).toMatchObject({ status: 'done', processed: 0, skipped: 3 });
    customers.isUp = true;
    await resumeEndpoint(world.ports, TENANT, open.id, 'release');
    await world.run(process, MINUTE);
    const third = await retryAll(world, { status: 'exhausted' });
    await world.run(process, MINUTE);
    expect(await job(world, third)).toMatchObject({ processed: 0, skipped: 3 });
    expect(world.customers.at(open.url)).toHaveLength(2);
  });

  test('retries nothing twice that fails again while it runs', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [] } });
    await writeExhausted(world, endpoint, 150);
    const started = await retryAll(world, {});
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 150, skipped: 0 });
    expect(world.customers.received).toHaveLength(150);
  });

  test('is safe to run twice at once', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200);
    await writeExhausted(world, endpoint, 150);
    const started = await retryAll(world, { status: 'exhausted' });
    for (let page = 0; page < 2; page += 1) {
      const messages = await world.store.queues.receive('jobs', 10);
      await Promise.all([process, world.process(), world.process()].map((one) => one.handle('jobs', messages)));
      await world.store.queues.delete('jobs', messages);
      await world.clock.advance(2 * SECOND);
    }
    await world.run(process, HOUR);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 150, skipped: 0 });
    expect(await repeats(world)).toHaveLength(150);
    expect(world.customers.received).toHaveLength(150);
  });

  test('that is cancelled stops after the page under way, and counts that page', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200);
    await writeExhausted(world, endpoint, 230);
    const started = await retryAll(world, { status: 'exhausted' });
    const during = world.process(undefined, async (call, run) => {
      if (call.port === 'queues' && call.method === 'send') await cancelJob(world.ports, TENANT, started.id);
      return run();
    });
    const messages = await world.store.queues.receive('jobs', 10);
    await during.handle('jobs', messages);
    await world.store.queues.delete('jobs', messages);
    await world.run(process, HOUR);
    expect(await job(world, started)).toMatchObject({ status: 'cancelled', processed: 100 });
    expect(await repeats(world)).toHaveLength(100);
    expect(world.count('jobs')).toBe(0);
    expect(await cancelJob(world.ports, TENANT, started.id)).toMatchObject({ status: 'cancelled' });
  });

  test('cannot be cancelled once it is done, nor can the work that follows a change of an endpoint', async ({
    world,
    process,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    const started = await retryAll(world, {});
    await world.run(process, MINUTE);
    await expect(cancelJob(world.ports, TENANT, started.id)).rejects.toMatchObject({
      code: 'wrong-state',
      message: /done/,
    });
    const release: Job = { ...started, id: started.id.replace(/.$/, 'Z'), kind: 'release', endpointId: endpoint.id };
    await world.ports.jobs.createUnlessExists({ ...release, status: 'running' });
    await expect(cancelJob(world.ports, TENANT, release.id)).rejects.toMatchObject({ code: 'wrong-state' });
  });
});

describe('a replay for an endpoint', () => {
  test('sends all events of a time that it subscribes to now, also those that it did not match then', async ({
    world,
    process,
    post,
  }) => {
    const old = await post('task.completed');
    await world.clock.advance(MINUTE);
    const since = world.clock.now();
    const endpoint = await world.endpointAnswering(200, { events: ['task.completed'] });
    const matched = await post('task.completed');
    const unknown = await post('deploy.done');
    const never = await post('other');
    await world.drain(process);
    await updateEndpoint(world.ports, TENANT, endpoint.id, { events: ['task.*', 'deploy.*'] });
    const started = await startReplay(world.ports, TENANT, endpoint.id, { since });
    await world.clock.advance(1);
    const later = await post('task.completed');
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ kind: 'replay', status: 'done', processed: 2, skipped: 0 });
    const counts = world.customers.countsByEvent(endpoint.url);
    expect([old, matched, unknown, never, later].map((id) => counts.get(id) ?? 0)).toEqual([0, 2, 1, 0, 1]);
    expect(await world.delivery(unknown, endpoint.id)).toMatchObject({ ordinal: 0, status: 'delivered' });
    expect(await world.store.events.addedEndpoints(TENANT, unknown)).toEqual([endpoint.id]);
    expect(await world.store.events.addedEndpoints(TENANT, matched)).toEqual([]);
    expect((await allDeliveries(world)).map(({ eventId }) => eventId)).toContain(unknown);
  });

  test('goes through all pages, with the given types, of its project only', async ({ world, process }) => {
    const endpoint = await world.endpointAnswering(200, { events: ['none'], projectId: 'p1' });
    const since = world.clock.now();
    const ofProject = (id: string) =>
      process.ingest({ tenantId: TENANT, event: { type: 'a.b', data: '1', project: { id } } });
    for (let n = 0; n < 60; n += 1) await ofProject(n % 2 === 0 ? 'p1' : 'p2');
    await world.clock.advance(SECOND);
    const until = world.clock.now();
    await ofProject('p1');
    const started = await startReplay(world.ports, TENANT, endpoint.id, { since, until, eventTypes: ['a.*'] });
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 30 });
    expect(world.customers.received).toHaveLength(30);
    const again = await startReplay(world.ports, TENANT, endpoint.id, { since, until, eventTypes: ['a.*'] });
    await world.run(process, MINUTE);
    expect(await job(world, again)).toMatchObject({ processed: 30 });
    expect((await repeats(world)).filter(({ ordinal }) => ordinal === 1)).toHaveLength(30);
  });

  test.for(ENDS_BEFORE_ALL)(
    'of a time that ends before %i ms sends nothing',
    async (until, { world, process, post }) => {
      const endpoint = await world.endpointAnswering(200);
      await post();
      await world.drain(process);
      const since = Date.UTC(1960);
      const started = await startReplay(world.ports, TENANT, endpoint.id, { since, until });
      await world.run(process, MINUTE);
      expect(await job(world, started)).toMatchObject({ status: 'done', processed: 0, skipped: 0 });
      expect(world.customers.received).toHaveLength(1);
    },
  );

  test('skips what still waits, and ends when its endpoint is disabled', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [3600] } });
    const since = world.clock.now();
    await post();
    const waiting = await startReplay(world.ports, TENANT, endpoint.id, { since });
    await world.run(process, MINUTE);
    expect(await job(world, waiting)).toMatchObject({ status: 'done', processed: 0, skipped: 1 });
    const late = await startReplay(world.ports, TENANT, endpoint.id, { since });
    await disableEndpoint(world.ports, TENANT, endpoint.id);
    await world.run(process, MINUTE);
    expect(await job(world, late)).toMatchObject({ status: 'done', processed: 0 });
    await expect(startReplay(world.ports, TENANT, endpoint.id, { since })).rejects.toMatchObject({
      code: 'wrong-state',
    });
  });
});

describe('a replay of one event', () => {
  test('sends it to all that match it now', async ({ world, process, post }) => {
    const first = await world.endpointAnswering(200);
    const event = await post();
    await world.drain(process);
    const others = await openEndpoints(world, 99);
    const started = await startEventReplay(world.ports, TENANT, event);
    await world.run(process, MINUTE);
    expect(await job(world, started)).toMatchObject({ status: 'done', processed: 100 });
    expect(world.customers.at(first.url)).toHaveLength(2);
    for (const { url } of others) expect(world.customers.at(url)).toHaveLength(1);
  });

  test('or to those that are named, whatever they subscribe to', async ({ world, process, post }) => {
    const matching = await world.endpointAnswering(200);
    const named = await world.endpointAnswering(200, { events: ['other'] });
    const event = await post();
    await world.drain(process);
    await startEventReplay(world.ports, TENANT, event, [named.id, named.id]);
    await world.run(process, MINUTE);
    expect(world.customers.at(matching.url)).toHaveLength(1);
    expect(world.customers.at(named.url)).toHaveLength(1);
  });

  test('is refused for what does not exist and for a disabled endpoint', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering(200);
    const event = await post();
    const unknown = event.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await expect(startEventReplay(world.ports, TENANT, unknown)).rejects.toMatchObject({ code: 'not-found' });
    const other = unknown.replace('evt', 'ep');
    await expect(startEventReplay(world.ports, TENANT, event, [other])).rejects.toMatchObject({ code: 'not-found' });
    await disableEndpoint(world.ports, TENANT, endpoint.id);
    await expect(startEventReplay(world.ports, TENANT, event, [endpoint.id])).rejects.toMatchObject({
      code: 'wrong-state',
    });
  });
});
