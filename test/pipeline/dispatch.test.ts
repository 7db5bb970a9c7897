import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import { writeDeliveryMessage } from '../../lib/domain/message.ts';
import { delaysOf } from '../../lib/domain/retry-schedule.ts';
import { pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoint-changes.ts';
import type { Interceptor } from '../support/fault-injection.ts';
import { type Process, TENANT, World } from '../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World;
let process: Process;
beforeEach(() => {
  world = new World();
  process = world.process();
});
afterEach(() => world.close());

const post = async (type = 'task.completed') => (await process.ingest(world.request(type))).id;
const send = (epoch: number, event: string, endpoint: Endpoint, queue: 'deliveries' | 'retries' = 'retries') =>
  world.store.queues.send(queue, [
    {
      body: writeDeliveryMessage({ tenantId: TENANT, endpointId: endpoint.id, eventId: event, ordinal: 0, epoch }),
      group: TENANT,
    },
  ]);

describe('messages', () => {
  test('a duplicate of a delivered message makes no second request', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
    const event = await post();
    await world.drain(process);
    await send(0, event, endpoint, 'deliveries');
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(1);
    expect(world.count('deliveries')).toBe(0);
  });

  test('a stale message steps aside, unless its delivery has been due for two minutes', async () => {
    const url = world.customers.open('a', (nth) => (nth === 1 ? 500 : 200));
    const endpoint = await world.endpoint({ url, retry: { delays: [60, 60] } });
    const event = await post();
    await world.drain(process);
    // The message that carries the delivery on is lost.
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await send(0, event, endpoint);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(1);
    await world.clock.advance(2 * MINUTE);
    await send(0, event, endpoint);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(2);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('an unreadable message among ten goes to poison and the nine others are delivered', async () => {
    const url = world.customers.open('a', () => 200);
    await world.endpoint({ url });
    for (let n = 0; n < 9; n += 1) await post();
    await world.store.queues.send('deliveries', [{ body: 'not ours', group: TENANT }]);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(9);
    const [poison] = await world.store.queues.receive('poison', 10);
    expect(JSON.parse(poison?.body ?? '')).toMatchObject({
      from: 'deliveries',
      body: 'not ours',
      why: 'not a JSON object',
    });
    expect(world.count('deliveries')).toBe(0);
  });

  test('a message of newer code waits for newer code', async () => {
    await world.store.queues.send('deliveries', [{ body: '{"v":2}', group: TENANT }]);
    await world.drain(process);
    expect(world.count('deliveries')).toBe(1);
    expect(world.count('poison')).toBe(0);
  });

  test('a message that points at nothing is kept and raises an error, and is no poison', async () => {
    const endpoint = await world.endpoint({ url: world.customers.open('a', () => 200) });
    await send(3, await post(), endpoint);
    await world.store.queues.delete('deliveries', await world.store.queues.receive('deliveries', 10));
    await world.drain(process);
    expect(world.count('retries')).toBe(1);
    expect(world.log.named('dispatch.missing')).toHaveLength(1);
  });
});

describe('retries', () => {
  test('the retry times of the standard preset are its schedule, through the 12 h limit of the queue', async () => {
    const url = world.customers.open('dead', () => 500);
    const endpoint = await world.endpoint({ url });
    const event = await post();
    await world.run(process, 6 * DAY);
    const times = world.customers.at(url).map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / SECOND);
    const delays = delaysOf({ preset: 'standard' });
    expect(gaps).toHaveLength(delays.length);
    gaps.forEach((gap, index) => {
      const delay = delays[index] ?? 0;
      expect(gap).toBeGreaterThanOrEqual(delay * 0.8 - 0.5);
      expect(gap).toBeLessThanOrEqual(delay * 1.2 + 1);
    });
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'exhausted', attempts: { length: 10 } });
    expect(world.count('exhausted')).toBe(1);
  });

  test('every attempt carries the same id, and a timestamp and signature of its own', async () => {
    const url = world.customers.open('a', (nth) => (nth < 3 ? 500 : 200));
    await world.endpoint({ url, retry: { delays: [1, 1] } });
    const event = await post();
    await world.run(process, MINUTE);
    const headers = world.customers.at(url).map((request) => request.headers);
    expect(headers.map((one) => one['webhook-id'])).toEqual([event, event, event]);
    expect(new Set(headers.map((one) => one['webhook-timestamp'])).size).toBe(3);
    expect(new Set(headers.map((one) => one['webhook-signature'])).size).toBe(3);
  });

  test('a Retry-After is kept', async () => {
    const url = world.customers.open('busy', (nth) => (nth === 1 ? { status: 429, retryAfter: '7200' } : 200));
    await world.endpoint({ url, retry: { delays: [1] } });
    await post();
    await world.run(process, DAY);
    const [first, second] = world.customers.at(url);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(2 * HOUR);
  });

  test('a lost retry message is healed by sweep, and the schedule is kept', async () => {
    const url = world.customers.open('a', (nth) => (nth === 1 ? 500 : 200));
    const endpoint = await world.endpoint({ url, retry: { delays: [60] } });
    const event = await post();
    await world.drain(process);
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await world.run(process, HOUR);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('two sweeps at once send no second request', async () => {
    const url = world.customers.open('a', (nth) => (nth === 1 ? 500 : 200));
    await world.endpoint({ url, retry: { delays: [60] } });
    await post();
    await world.drain(process);
    await world.clock.advance(2 * MINUTE);
    await world.store.queues.delete('retries', await world.store.queues.receive('retries', 10));
    await world.clock.advance(20 * MINUTE);
    await Promise.all([process.sweep(), world.process().sweep()]);
    await world.run(process, HOUR);
    expect(world.customers.at(url)).toHaveLength(2);
  });
});

describe('the exhausted queue', () => {
  test('a redrive opens a fresh schedule, once a message', async () => {
    let healed = false;
    const url = world.customers.open('a', () => (healed ? 200 : 500));
    const endpoint = await world.endpoint({ url, retry: { delays: [1] } });
    const event = await post();
    await world.run(process, MINUTE);
    healed = true;
    const [dead] = await world.store.queues.receive('exhausted', 10);
    for (let copies = 0; copies < 2; copies += 1) {
      await world.store.queues.send('retries', [{ body: dead?.body ?? '', group: endpoint.id }]);
    }
    await world.run(process, HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', scheduleBase: 2 });
    expect(world.customers.at(url)).toHaveLength(3);
  });

  test('a redriven delivery that fails again has all its attempts anew, and a new dead letter', async () => {
    const url = world.customers.open('a', () => 500);
    const endpoint = await world.endpoint({ url, retry: { delays: [1] } });
    const event = await post();
    await world.run(process, MINUTE);
    const received = await world.store.queues.receive('exhausted', 10);
    await world.store.queues.send('retries', [{ body: received[0]?.body ?? '', group: endpoint.id }]);
    await world.store.queues.delete('exhausted', received);
    await world.run(process, HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'exhausted', attempts: { length: 4 } });
    expect(world.count('exhausted')).toBe(1);
  });
});

describe('the circuit breaker', () => {
  test('an endpoint that fails for more than a minute is paused, and its deliveries are held', async () => {
    const url = world.customers.open('down', () => 500);
    const endpoint = await world.endpoint({ url, retry: { delays: [30, 30, 30] } });
    const events = [];
    for (let n = 0; n < 5; n += 1) events.push(await post());
    await world.run(process, HOUR);
    const paused = await world.store.endpoints.get(TENANT, endpoint.id);
    expect(paused).toMatchObject({ status: 'paused', statusReason: 'breaker' });
    const late = await post();
    await world.drain(process);
    expect(await world.delivery(late, endpoint.id)).toMatchObject({ status: 'held', attempts: [] });
  });

  test('a burst of failures within a minute is no outage', async () => {
    const url = world.customers.open('hiccup', (nth) => (nth === 1 ? 500 : 200));
    const endpoint = await world.endpoint({ url, retry: { delays: [5] } });
    for (let n = 0; n < 30; n += 1) await post();
    await world.run(process, HOUR);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
    expect(await world.store.health.get(TENANT, endpoint.id)).toMatchObject({ consecutiveFailures: 0 });
  });

  test('a 429 uses an attempt and does not count', async () => {
    const url = world.customers.open('busy', () => 429);
    const endpoint = await world.endpoint({ url, retry: { delays: [30, 30, 30] } });
    for (let n = 0; n < 10; n += 1) await post();
    await world.run(process, HOUR);
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
    expect(world.count('exhausted')).toBe(10);
  });
});

describe('pause', () => {
  test('a delivery that is being held while its endpoint is resumed is not left behind', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const event = await post();
    // Between dispatch's read and its `held`, a person resumes and the release job finds nothing.
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

  test('a request starts only on a fresh reading of its endpoint: a pause 1.5 s after the read stops it', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
    await post();
    const slow: Interceptor = async (call, run) => {
      if (call.port === 'secrets' && world.customers.received.length === 0) {
        await pauseEndpoint(world.ports, TENANT, endpoint.id);
        await world.clock.advance(1.5 * SECOND);
      }
      return run();
    };
    await world.drain(world.process(undefined, slow));
    expect(world.customers.at(url)).toHaveLength(0);
    expect(world.log.named('dispatch.held')).toHaveLength(1);
  });

  test('what is held is released after a resume, and the time in between counts for nothing', async () => {
    const url = world.customers.open('a', (nth) => (nth === 1 ? 500 : 200));
    const endpoint = await world.endpoint({ url, retry: { delays: [60, 60] } });
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

  test('what is held for fourteen days is abandoned as expired', async () => {
    const endpoint = await world.endpoint({ url: world.customers.open('a', () => 200) });
    await pauseEndpoint(process.ports, TENANT, endpoint.id);
    const event = await post();
    await world.run(process, 14 * DAY + HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'expired' });
  });

  test('a resume can discard what is held', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
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

describe('faults of ours', () => {
  test('a throttled table costs no attempt and poisons nothing', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
    const event = await post();
    const until = world.clock.now() + 3 * HOUR;
    const throttled: Interceptor = async (call, run) => {
      const failing = world.clock.now() < until && ['deliveries', 'secrets'].includes(call.port);
      if (failing) throw new ServiceFault('throttled');
      return run();
    };
    await world.run(world.process(undefined, throttled), 4 * HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 1 } });
    expect(world.count('poison')).toBe(0);
  });

  test('an unexpected exception five times abandons the delivery visibly and poisons its message', async () => {
    const url = world.customers.open('a', () => 200);
    const endpoint = await world.endpoint({ url });
    const event = await post();
    const broken: Interceptor = async (call, run) => {
      if (call.port === 'secrets') throw new TypeError('a bug');
      return run();
    };
    await world.run(world.process(undefined, broken), 4 * HOUR);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({
      status: 'abandoned',
      statusReason: 'fault',
      attempts: [],
    });
    expect(world.count('poison')).toBe(1);
    expect(world.customers.at(url)).toHaveLength(0);
  });

  test('on its fifth receive a first attempt that meets our fault leaves deliveries', async () => {
    const endpoint = await world.endpoint({ url: world.customers.open('a', () => 200) });
    const event = await post();
    const noSecrets: Interceptor = async (call, run) => {
      if (call.port === 'secrets') throw new ServiceFault('the key service is down');
      return run();
    };
    await world.run(world.process(undefined, noSecrets), 20 * MINUTE);
    expect(world.count('deliveries')).toBe(0);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({
      status: 'pending',
      statusReason: 'delayed',
      attempts: [],
    });
    await world.run(process, HOUR);
    expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
  });

  test('nothing is started that cannot end ten seconds before the deadline', async () => {
    const url = world.customers.open('a', () => 200);
    await world.endpoint({ url, timeoutSeconds: 30 });
    await post();
    const late: Interceptor = async (call, run) => {
      const answer = await run();
      if (call.port === 'reader') await world.clock.advance(25 * SECOND);
      return answer;
    };
    const messages = await world.store.queues.receive('deliveries', 10);
    expect(await world.process(undefined, late).handle('deliveries', messages)).toEqual(
      messages.map((m) => m.messageId),
    );
    expect(world.customers.at(url)).toHaveLength(0);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(1);
  });
});
