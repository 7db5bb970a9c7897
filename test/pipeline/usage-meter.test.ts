import { expect } from 'vitest';
import { ServiceFault } from '../../lib/domain/errors.ts';
import { oneLatency, sumOfSteps } from '../../lib/domain/latencies.ts';
import { NO_USAGE, type Usage, dayOf } from '../../lib/domain/usage.ts';
import { UsageMeter } from '../../lib/pipeline/usage-meter.ts';
import { Life, intercept } from '../support/fault-injection.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { test as base } from '../support/pipeline-test.ts';
import { Consumer, pollEndpoint } from '../support/consumer.ts';
import { Process, TENANT, type World } from '../support/world.ts';

const HOUR = 3_600_000;

const test = base
  .extend('meter', ({ world }) => new UsageMeter({ clock: world.clock, usage: world.ports.usage }))
  .extend('metered', ({ world, meter }) => {
    const ports = { ...world.ports, log: meter.watching(world.log) };
    return new Process(
      intercept(ports, (_, run) => run()),
      new Life(),
      world.settings,
    );
  });

const usageOf = async ({ ports, clock }: World, tenantId = TENANT) => {
  const days = await ports.usage.days(tenantId, '2000-01-01', dayOf(clock.now()));
  return days;
};

test('each attempt, each end of a delivery, and each event that was sent counts once', async ({
  world,
  meter,
  metered,
}) => {
  await world.endpointAnswering(200);
  await world.endpointAnswering([500, 200]);
  await world.endpointAnswering(500, { retry: { delays: [60] } });
  for (let n = 0; n < 3; n += 1) await metered.ingest(world.request());
  await world.run(metered, 2 * HOUR);
  await meter.flush(world.log);
  // Of each event: one at once, one at the second attempt, and two attempts that fail.
  expect(await usageOf(world)).toEqual([
    {
      day: dayOf(world.clock.now()),
      events: 3,
      attempts: 15,
      delivered: 6,
      exhausted: 3,
      abandoned: 0,
      latencies: { firstAttempts: expect.any(Array), requests: expect.any(Array) },
    },
  ]);
});

test('an event to more than a hundred endpoints counts as one event', async ({ world, meter, metered }) => {
  for (let n = 0; n < 101; n += 1) await world.endpointAnswering(200);
  await metered.ingest(world.request());
  await world.run(metered, HOUR);
  await meter.flush(world.log);
  expect(await usageOf(world)).toMatchObject([{ events: 1, attempts: 101, delivered: 101 }]);
});

test('a delivery that is ended because its endpoint is disabled counts as abandoned', async ({
  world,
  meter,
  metered,
}) => {
  await world.endpointAnswering([500, 410]);
  await metered.ingest(world.request());
  await world.run(metered, HOUR);
  await meter.flush(world.log);
  expect(await usageOf(world)).toMatchObject([{ events: 1, attempts: 2, abandoned: 1 }]);
});

test('usage stands under the day on which it was made', async ({ world, meter, metered }) => {
  await world.endpointAnswering([500, 200], { retry: { delays: [30 * 3600] } });
  await metered.ingest(world.request());
  await world.run(metered, 40 * HOUR);
  await meter.flush(world.log);
  expect((await usageOf(world)).map(({ attempts, delivered }) => [attempts, delivered])).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

test('how long first attempts waited and requests took is counted in steps, retries and replays among requests only', async ({
  world,
  meter,
}) => {
  const log = meter.watching(new MemoryLog());
  const attempt = { tenant_id: 'acme', status: 'retrying', ordinal: 0, attempt_number: 1 };
  log.info('dispatch.attempt', { ...attempt, since_accepted_ms: 40, duration_ms: 90 });
  log.info('dispatch.attempt', { ...attempt, since_accepted_ms: 60_000, duration_ms: 90, attempt_number: 2 });
  log.info('dispatch.attempt', { ...attempt, since_accepted_ms: 90_000, duration_ms: 101, ordinal: 1 });
  await meter.flush(world.log);
  const [{ latencies } = NO_USAGE] = await usageOf(world, 'acme');
  expect(latencies).toEqual({
    firstAttempts: oneLatency(50),
    requests: sumOfSteps(sumOfSteps(oneLatency(100), oneLatency(100)), oneLatency(200)),
  });
});

test('latencies of an addition that failed are added with the next one', async ({ world }) => {
  const added: Usage[] = [];
  let fails = true;
  const usage = {
    add: async (_: string, __: string, used: Usage) => {
      if (fails) throw new ServiceFault('throttled');
      added.push(used);
    },
    days: async () => [],
  };
  const meter = new UsageMeter({ clock: world.clock, usage });
  const log = meter.watching(new MemoryLog());
  for (const nth of [1, 2]) {
    fails = nth === 1;
    log.info('dispatch.attempt', { ...ATTEMPT, duration_ms: 8 });
    await meter.flush(world.log);
  }
  expect(added.map(({ latencies }) => latencies.requests)).toEqual([sumOfSteps(oneLatency(8), oneLatency(8))]);
});

const ATTEMPT = { tenant_id: 'acme', status: 'delivered', attempt_number: 1, first_of_event: true };

test('what is counted while an addition is under way is of the next one, with all of the first if that fails', async ({
  world,
}) => {
  const added: Usage[] = [];
  const { promise: failure, reject: fail } = Promise.withResolvers<void>();
  const usage = {
    add: async (_: string, __: string, used: Usage) => {
      if (added.push(used) === 1) await failure;
    },
    days: async () => [],
  };
  const meter = new UsageMeter({ clock: world.clock, usage });
  const log = meter.watching(new MemoryLog());
  const attempt = () => log.info('dispatch.attempt', { ...ATTEMPT, duration_ms: 8 });
  attempt();
  const first = meter.flush(world.log);
  attempt();
  attempt();
  expect(added).toMatchObject([{ attempts: 1, latencies: { requests: oneLatency(8) } }]);
  fail(new ServiceFault('throttled'));
  await first;
  await meter.flush(world.log);
  const twice = sumOfSteps(oneLatency(8), oneLatency(8));
  expect(added[1]).toMatchObject({ attempts: 3, latencies: { requests: sumOfSteps(twice, oneLatency(8)) } });
});

test('an addition that fails is logged, and made with the next one', async ({ world }) => {
  const added: number[] = [];
  let fails = true;
  const usage = {
    add: async (_: string, __: string, { attempts }: typeof NO_USAGE) => {
      if (fails) throw new ServiceFault('throttled');
      added.push(attempts);
    },
    days: async () => [],
  };
  const meter = new UsageMeter({ clock: world.clock, usage });
  const log = meter.watching(new MemoryLog());
  log.info('dispatch.attempt', ATTEMPT);
  await meter.flush(world.log);
  expect(world.log.named('usage.not-added')).toHaveLength(1);
  fails = false;
  log.info('dispatch.attempt', ATTEMPT);
  await meter.flush(world.log);
  expect(added).toEqual([2]);
});

test('a busy function makes an addition a second, one for each tenant, and one that is called alone makes it at once', async ({
  world,
}) => {
  const added: string[] = [];
  const usage = { add: async (tenantId: string) => void added.push(tenantId), days: async () => [] };
  const meter = new UsageMeter({ clock: world.clock, usage });
  const log = meter.watching(new MemoryLog());
  for (let call = 0; call < 12; call += 1) {
    log.info('dispatch.attempt', ATTEMPT);
    log.info('dispatch.attempt', { ...ATTEMPT, tenant_id: 'other' });
    await meter.flushInTime(world.log);
    await world.clock.advance(250);
  }
  expect(added.toSorted()).toEqual(['acme', 'acme', 'acme', 'other', 'other', 'other']);
  await world.clock.advance(60_000);
  log.info('dispatch.attempt', ATTEMPT);
  await meter.flushInTime(world.log);
  expect(added).toHaveLength(8);
});

test('a delivery of a poll endpoint counts once it is settled, without an attempt', async ({
  world,
  meter,
  metered,
}) => {
  const endpoint = await pollEndpoint(world);
  await metered.ingest(world.request());
  const consumer = new Consumer(world, endpoint);
  await consumer.poll(metered.ports);
  await consumer.commit(metered.ports);
  await meter.flush(world.log);
  const day = dayOf(world.clock.now());
  expect(await usageOf(world)).toEqual([{ ...NO_USAGE, day, events: 1, delivered: 1 }]);
});
