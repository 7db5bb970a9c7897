import { describe, expect, test } from 'vitest';
import { readJobMessage } from '../../lib/domain/message.ts';
import { pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { Crash, type Interceptor, type PortCall } from '../support/fault-injection.ts';
import { allDeliveries, expectAtRest } from '../support/invariants.ts';
import { TENANT, type World } from '../support/world.ts';
import { type Backend, inWorld } from './backend.ts';
import { halfFinish, lose } from './losses.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const COUNT = 5;

/** Lets virtual time pass in small steps until the work has ended, however long a store takes to answer. */
async function whileTimePasses<T>(world: World, work: Promise<T>): Promise<T> {
  const progress = { ended: false };
  const noted = work.finally(() => (progress.ended = true));
  noted.catch(() => undefined);
  while (!progress.ended) {
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
    await world.clock.advance(2);
  }
  return noted;
}

/** The first call of this port waits for `meanwhile`, before or after its effect. */
function pausing(port: PortCall['port'], moment: 'before' | 'after', meanwhile: () => Promise<void>): Interceptor {
  let paused = false;
  return async (call, run) => {
    if (call.port !== port || paused) return run();
    paused = true;
    if (moment === 'before') await meanwhile();
    const answer = await run();
    if (moment === 'after') await meanwhile();
    return answer;
  };
}

async function fiftyPosts(world: World): Promise<void> {
  const { url } = await world.endpointAnswering(200);
  const posts = Array.from({ length: 50 }, () => world.process().ingest(world.request('task.completed', 'key')));
  const answers = await whileTimePasses(world, Promise.all(posts));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(new Set(answers.map(({ deliveries }) => deliveries))).toEqual(new Set([1]));
  expect(await world.store.events.page(TENANT, { limit: 10 })).toHaveLength(1);
  await world.run(world.process(), HOUR);
  expect(world.customers.at(url)).toHaveLength(1);
}

/** A process dies before it sends its messages; the client posts again, gets the same event, and it is delivered. */
async function postAgain(world: World): Promise<void> {
  await world.endpointAnswering(200);
  const request = world.request('task.completed', 'key');
  const dying = world.process(undefined, async (call, run) => {
    if (call.port === 'queues') throw new Crash();
    return run();
  });
  await expect(dying.ingest(request)).rejects.toThrow();
  const kept = await world.store.events.page(TENANT, { limit: 10 });
  expect(kept).toHaveLength(1);
  const process = world.process();
  expect((await process.ingest(request)).id).toBe(kept[0]?.id);
  await world.run(process, HOUR);
  expect((await allDeliveries(world)).map(({ status }) => status)).toEqual(['delivered']);
}

async function post(world: World, count: number): Promise<string[]> {
  const process = world.process();
  const ids = [];
  for (let n = 0; n < count; n += 1) ids.push((await process.ingest(world.request())).id);
  await world.drain(process);
  return ids;
}

/** Each of these events was sent to the URL `times` times, and no other was. */
function expectRequests(world: World, url: string, ids: readonly string[], times: number): void {
  expect(world.customers.countsByEvent(url)).toEqual(new Map(ids.map((id) => [id, times])));
}

async function twoSweeps(world: World): Promise<void> {
  const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [60] } });
  const ids = await post(world, COUNT);
  await world.clock.advance(2 * MINUTE);
  await lose(world, 'retries');
  await world.clock.advance(20 * MINUTE);
  await Promise.all([world.process().sweep(), world.process().sweep()]);
  expect(world.count('retries')).toBe(COUNT);
  await world.run(world.process(), HOUR);
  expectRequests(world, endpoint.url, ids, 2);
  await expectAtRest(world, ids, [endpoint]);
}

async function twoSweepsOfExhausted(world: World): Promise<void> {
  const endpoint = await world.endpointAnswering(500, { retry: { delays: [1] } });
  await halfFinish(world);
  expect(world.count('exhausted')).toBe(0);
  await world.clock.advance(20 * MINUTE);
  await Promise.all([world.process().sweep(), world.process().sweep()]);
  expect(world.count('exhausted')).toBe(1);
  await world.run(world.process(), HOUR);
  const ids = (await world.store.events.page(TENANT, { limit: 10 })).map(({ id }) => id);
  await expectAtRest(world, ids, [endpoint]);
}

function jobOf(world: World, body: string) {
  const parsed = readJobMessage(body);
  return parsed.kind === 'pointer' ? world.store.jobs.get(TENANT, parsed.pointer.jobId) : undefined;
}

async function twoReleases(world: World): Promise<void> {
  const endpoint = await world.endpointAnswering(200);
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  const ids = await post(world, COUNT);
  expect(new Set((await allDeliveries(world)).map(({ status }) => status))).toEqual(new Set(['held']));
  await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
  const messages = await world.store.queues.receive('jobs', 10);
  const kinds = await Promise.all(messages.map(async ({ body }) => (await jobOf(world, body))?.kind));
  expect(kinds.toSorted()).toEqual(['release', 'status-alert']);
  await Promise.all([world.process().handle('jobs', messages), world.process().handle('jobs', messages)]);
  await world.store.queues.delete('jobs', messages);
  expect(world.count('retries') + world.count('deliveries')).toBe(COUNT);
  await world.run(world.process(), HOUR);
  expectRequests(world, endpoint.url, ids, 1);
  await expectAtRest(world, ids, [endpoint]);
}

/** A dispatcher dies while it disables an endpoint that answered 410: the attempt counts, and the next one disables it. */
async function diesAtGone(world: World): Promise<void> {
  const endpoint = await world.endpointAnswering(410, { retry: { delays: [60, 60] } });
  const { id } = await world.process().ingest(world.request());
  const messages = await world.store.queues.receive('deliveries', 10);
  let dead = false;
  const dying = world.process(undefined, async ({ port }, run) => {
    dead ||= port === 'jobs' || port === 'endpoints';
    if (dead) throw new Crash();
    return run();
  });
  await dying.handle('deliveries', messages).catch(() => undefined);
  const failed = { statusCode: 410 };
  expect(await world.delivery(id, endpoint.id)).toMatchObject({ status: 'retrying', attempts: [failed] });
  await world.run(world.process(), MINUTE / 2);
  expect(world.customers.at(endpoint.url)).toHaveLength(1);
  await world.run(world.process(), HOUR);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'disabled' });
  expect(await world.delivery(id, endpoint.id)).toMatchObject({
    status: 'abandoned',
    statusReason: 'disabled',
    attempts: [failed, failed],
  });
  await expectAtRest(world, [id], [endpoint]);
}

/** A dispatcher waits at this port for `ms`; meanwhile a pause of the endpoint is answered. */
async function stopAt(world: World, port: PortCall['port'], moment: 'before' | 'after', ms: number) {
  const endpoint = await world.endpointAnswering(200);
  const { id } = await world.process().ingest(world.request());
  const messages = await world.store.queues.receive('deliveries', 10);
  let answeredAt = 0;
  const stop = pausing(port, moment, async () => {
    await pauseEndpoint(world.ports, TENANT, endpoint.id);
    answeredAt = world.clock.now();
    await world.clock.advance(ms);
  });
  expect(await world.process(undefined, stop).handle('deliveries', messages)).toEqual([]);
  expect(answeredAt).toBeGreaterThan(0);
  const status = (await world.delivery(id, endpoint.id))?.status;
  return { status, requests: world.customers.at(endpoint.url), answeredAt };
}

const STOPS = [
  { port: 'reader', moment: 'after' },
  { port: 'secrets', moment: 'before' },
] as const;

export function describeRaces(backend: Backend): void {
  const options = { timeout: backend.timeoutMs };

  describe('two processes at the same work', options, () => {
    test.each([
      { promise: 'fifty posts with one key make one event and one request', live: fiftyPosts },
      { promise: 'a post that died is completed by the next one, with the event that it stored', live: postAgain },
      { promise: 'two sweeps replace a lost message once, and make no second request', live: twoSweeps },
      { promise: 'two sweeps send one dead letter', live: twoSweepsOfExhausted },
      { promise: 'two processes with the same message of a release send each held delivery once', live: twoReleases },
      {
        promise: 'a 410 is recorded before its endpoint is disabled, and a crash repeats no request',
        live: diesAtGone,
      },
    ])('$promise', ({ live }) => inWorld(backend, {}, live));
  });

  describe.each(STOPS)('a dispatcher that stops $moment its call of $port', options, ({ port, moment }) => {
    test.each([0, 500, 1000])('for %d ms sends, within two seconds of the endpoint’s pause', (ms) =>
      inWorld(backend, {}, async (world) => {
        const { status, requests, answeredAt } = await stopAt(world, port, moment, ms);
        expect(requests).toHaveLength(1);
        expect(requests[0]?.at).toBeLessThanOrEqual(answeredAt + 2 * SECOND);
        expect(status).toBe('delivered');
      }),
    );

    test.each([1001, 1999, 2001, 30_000])('for %d ms reads the endpoint again, and holds', (ms) =>
      inWorld(backend, {}, async (world) => {
        const { status, requests } = await stopAt(world, port, moment, ms);
        expect(requests).toHaveLength(0);
        expect(status).toBe('held');
      }),
    );
  });
}
