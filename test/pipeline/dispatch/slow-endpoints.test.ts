import { setImmediate } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const SLOWLY = { status: 200, durationMs: 9000 };

const test = base
  .extend('settings', { requestsPerEndpoint: 2, requestsPerTenant: 3 })
  .extend(
    'health',
    ({ world }) =>
      ({ id }: Endpoint) =>
        world.store.health.get(TENANT, id),
  )
  /** Requests that wait for their answer, until they are answered. */
  .extend('pending', (): PromiseWithResolvers<void>[] => [])
  /** Makes each request wait. */
  .extend('hanging', ({ pending }): Interceptor => async (call, run) => {
    if (call.port !== 'sender') return run();
    const answered = Promise.withResolvers<void>();
    pending.push(answered);
    await answered.promise;
    return run();
  });

/** Everything that can go on without an answer has gone on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

async function receiveAll(world: World) {
  const batches = [];
  for (let batch = await world.store.queues.receive('deliveries', 10); batch.length > 0;) {
    batches.push(batch);
    batch = await world.store.queues.receive('deliveries', 10);
  }
  return batches;
}

describe('requests in flight in one process', () => {
  test('an endpoint that does not answer has its places and no more; its neighbour goes on', async ({
    world,
    post,
    pending,
    hanging,
  }) => {
    const stuck = await world.endpointAnswering(200, { events: ['stuck.*'] });
    const other = await world.endpointAnswering(200, { events: ['other.*'] });
    for (let n = 0; n < 12; n += 1) await post('stuck.event');
    const ids = [await post('other.event')];
    const process = world.process(undefined, hanging);
    const batches = await receiveAll(world);
    const works = batches.map((batch) => process.handle('deliveries', batch));
    await settled();
    expect(pending).toHaveLength(3);
    for (const one of pending) one.resolve();
    const kept = (await Promise.all(works)).flat();
    expect(world.customers.at(stuck.url)).toHaveLength(2);
    expect(world.customers.at(other.url).map(({ headers }) => headers['webhook-id'])).toEqual(ids);
    // What was over the limit comes back by itself, a little later.
    expect(kept).toHaveLength(10);
    await world.run(world.process(), MINUTE);
    expect(world.customers.at(stuck.url)).toHaveLength(12);
  });

  test('a place is free once the customer has answered: no other attempt waits for our record', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    for (let n = 0; n < 3; n += 1) await post();
    const recorded = Promise.withResolvers<void>();
    const writingSlowly: Interceptor = async (call, run) => {
      if (call.port === 'deliveries' && call.method === 'writeUnlessSuperseded') await recorded.promise;
      return run();
    };
    const process = world.process(undefined, writingSlowly);
    const works = [];
    for (const message of (await receiveAll(world)).flat()) {
      works.push(process.handle('deliveries', [message]));
      await settled();
    }
    expect(world.customers.at(endpoint.url)).toHaveLength(3);
    recorded.resolve();
    expect(await Promise.all(works)).toEqual([[], [], []]);
  });

  test('an endpoint that hangs in one request of ten, and so is never noted as slow, is bounded by its places', async ({
    world,
    post,
    health,
    pending,
  }) => {
    const odd = await world.endpointAnswering(200, { events: ['odd.*'] });
    const other = await world.endpointAnswering(200, { events: ['other.*'] });
    let [requests, isOther] = [0, false];
    const hangingNowAndThen: Interceptor = async (call, run) => {
      if (call.port !== 'sender' || isOther) return run();
      requests += 1;
      if (requests % 10 !== 1) return run();
      const answered = Promise.withResolvers<void>();
      pending.push(answered);
      await answered.promise;
      return run();
    };
    const process = world.process(undefined, hangingNowAndThen);
    const works: Promise<string[]>[] = [];
    for (let n = 0; n < 30; n += 1) {
      await post('odd.event');
      works.push(...(await receiveAll(world)).map((batch) => process.handle('deliveries', batch)));
      await setImmediate();
    }
    await settled();
    expect([pending.length, requests]).toEqual([2, 11]);
    isOther = true;
    const id = await post('other.event');
    expect(await process.handle('deliveries', await world.store.queues.receive('deliveries', 10))).toEqual([]);
    expect((await world.delivery(id, other.id))?.status).toBe('delivered');
    while (pending.length > 0) pending.shift()?.resolve();
    await Promise.all(works);
    expect(await health(odd)).toBeUndefined();
  });

  test('a tenant has its places too, and an answer frees one', async ({ world, post, pending, hanging }) => {
    for (const events of ['a.*', 'b.*', 'c.*']) await world.endpointAnswering(200, { events: [events] });
    for (const type of ['a.1', 'a.2', 'b.1', 'b.2', 'c.1', 'c.2']) await post(type);
    const process = world.process(undefined, hanging);
    const [first = [], second = []] = [
      await world.store.queues.receive('deliveries', 5),
      await world.store.queues.receive('deliveries', 5),
    ];
    const work = process.handle('deliveries', first);
    await settled();
    expect(pending).toHaveLength(3);
    for (const one of pending.splice(0)) one.resolve();
    expect(await work).toHaveLength(2);
    const later = process.handle('deliveries', second);
    await settled();
    expect(pending).toHaveLength(1);
    pending[0]?.resolve();
    expect(await later).toEqual([]);
  });

  test('a delivery that finds no place again and again leaves deliveries, and no receive limit poisons it', async ({
    world,
    post,
    pending,
    hanging,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    await post();
    await post();
    const process = world.process(undefined, hanging);
    const works = (await receiveAll(world)).map((batch) => process.handle('deliveries', batch));
    await settled();
    expect(pending).toHaveLength(2);
    const event = await post();
    const running = world.run(process, 10 * MINUTE);
    await running;
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ statusReason: 'delayed', attempts: [] });
    expect(world.count('poison')).toBe(0);
    for (const one of pending) one.resolve();
    await Promise.all(works);
    await world.run(world.process(), 10 * MINUTE);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });
});

describe('an endpoint whose answers take seconds', () => {
  test('is noted as slow, and its next deliveries are made from the queue slow', async ({
    world,
    process,
    post,
    health,
  }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    await post();
    await world.drain(process);
    expect(await health(endpoint)).toBeUndefined();
    await post();
    await world.drain(process);
    expect(await health(endpoint)).toMatchObject({ slowSince: world.clock.now(), consecutiveFailures: 0 });
    const event = await post();
    const messages = await world.store.queues.receive('deliveries', 10);
    expect(await process.handle('deliveries', messages)).toEqual([]);
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
    expect(world.count('slow')).toBe(1);
    await world.drain(process);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('is noted once, not for each answer', async ({ world, post }) => {
    const calls: string[] = [];
    const counting: Interceptor = async (call, run) => {
      if (call.port === 'health') calls.push(call.method);
      return run();
    };
    const process = world.process(undefined, counting);
    await world.endpointAnswering(SLOWLY);
    for (let n = 0; n < 8; n += 1) {
      await post();
      await world.drain(process);
    }
    expect(calls).toEqual(['noteSlow']);
  });

  test('is renewed while it lasts and keeps its beginning', async ({ world, process, post, health }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    await post();
    await post();
    await world.drain(process);
    const first = await health(endpoint);
    for (let minute = 0; minute < 12; minute += 1) {
      await post();
      await world.run(process, MINUTE);
    }
    const renewed = await health(endpoint);
    expect(renewed?.slowSince).toBe(first?.slowSince);
    expect(renewed?.slowUntil).toBeGreaterThan(world.clock.now());
  });

  test('is quick again after five quick answers', async ({ world, process, post, health }) => {
    let answers = 0;
    const endpoint = await world.endpointAnswering(() => ((answers += 1) <= 2 ? SLOWLY : 200));
    await post();
    await post();
    await world.drain(process);
    expect(await health(endpoint)).toHaveProperty('slowSince');
    for (let n = 0; n < 5; n += 1) await post();
    await world.drain(process);
    expect((await health(endpoint))?.slowSince).toBeUndefined();
    await post();
    await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
    expect(world.customers.at(endpoint.url)).toHaveLength(8);
  });

  test('with little traffic is quick again after ten minutes', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    await post();
    await post();
    await world.drain(process);
    await world.run(process, 10 * MINUTE);
    await post();
    await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
    expect(world.customers.at(endpoint.url)).toHaveLength(3);
  });

  test('that does not answer is noted too: it waits in retries, and comes back to slow when it is due', async ({
    world,
    process,
    post,
    health,
  }) => {
    const endpoint = await world.endpointAnswering(['timeout', 'timeout', 200], { retry: { delays: [20, 20] } });
    const event = await post();
    await post();
    await world.drain(process);
    expect(await health(endpoint)).toMatchObject({ slowSince: world.clock.now(), consecutiveFailures: 2 });
    expect([world.count('retries'), world.count('slow')]).toEqual([2, 0]);
    await world.clock.advance(25_000);
    const due = await world.store.queues.receive('retries', 10);
    expect(await process.handle('retries', due)).toEqual([]);
    await world.store.queues.delete('retries', due);
    expect([world.count('retries'), world.count('slow')]).toEqual([0, 2]);
    await world.run(process, 5 * MINUTE);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 3 } });
    expect([world.count('retries'), world.count('slow')]).toEqual([0, 0]);
  });

  test('costs an endpoint that answers quickly no call', async ({ world, post }) => {
    const calls: string[] = [];
    const counting: Interceptor = async (call, run) => {
      calls.push(`${call.port}.${call.method}`);
      return run();
    };
    const process = world.process(undefined, counting);
    await world.endpointAnswering(200);
    await post();
    calls.length = 0;
    await world.drain(process);
    expect(calls.filter((call) => !call.startsWith('secrets'))).toEqual([
      'reader.read',
      'sender.send',
      'deliveries.writeUnlessSuperseded',
    ]);
  });

  test('whose note cannot be written has its attempt recorded all the same', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering(SLOWLY);
    const throttled: Interceptor = async (call, run) => {
      if (call.method === 'noteSlow') throw new ServiceFault('throttled');
      return run();
    };
    const process = world.process(undefined, throttled);
    const events = [await post(), await post()];
    await world.drain(process);
    for (const event of events) expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    expect(world.log.named('endpoint.not-noted')).toHaveLength(1);
  });
});
