import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('faults of ours', () => {
  test('a throttled table costs no attempt and poisons nothing', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering(200);
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

  test('an unexpected exception five times abandons the delivery visibly and poisons its message', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
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
    expect(world.customers.at(endpoint.url)).toHaveLength(0);
  });

  test('a delivery whose message poison refuses is not abandoned yet: the message comes back and is poisoned then', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    const event = await post();
    let sent = 0;
    let refused: unknown;
    const broken: Interceptor = async (call, run) => {
      if (call.port === 'secrets') throw new TypeError('a bug');
      if (call.port === 'queues' && call.method === 'send') sent += 1;
      // The first send moves the message to retries.
      if (sent !== 2 || refused) return run();
      refused = await world.delivery(event, endpoint.id);
      throw new ServiceFault('poison is full');
    };
    await world.run(world.process(undefined, broken), 4 * HOUR);
    expect(world.log.named('dispatch.not-poisoned')).toHaveLength(1);
    expect(refused).toMatchObject({ status: 'pending', faults: 4 });
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'abandoned', statusReason: 'fault' });
    expect(world.count('poison')).toBe(1);
  });

  test('on its fifth receive a first attempt that meets our fault leaves deliveries', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
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

  test('nothing is started that cannot end ten seconds before the deadline', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering(200, { timeoutSeconds: 30 });
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

  test('a success is kept although the endpoint’s failures cannot be cleared', async ({ world, post }) => {
    const { url } = await world.endpointAnswering([500, 200], { retry: { delays: [1] } });
    await post();
    const noHealth: Interceptor = async (call, run) => {
      if (call.method === 'clearFailures') throw new ServiceFault('throttled');
      return run();
    };
    await world.run(world.process(undefined, noHealth), HOUR);
    expect(world.customers.at(url)).toHaveLength(2);
    expect(world.log.named('endpoint.not-noted')).toHaveLength(1);
  });

  test.for([
    ['its failure cannot be counted', 500, 'health', 'countFailure'],
    ['its 410 cannot disable it', 410, 'endpoints', 'replaceIfGeneration'],
  ] as const)(
    'an attempt is recorded although for its endpoint %s',
    async ([, answer, port, method], { world, post }) => {
      const endpoint = await world.endpointAnswering(answer, { retry: { delays: [600] } });
      const event = await post();
      const throttled: Interceptor = async (call, run) => {
        if (call.port === port && call.method === method) throw new ServiceFault('throttled');
        return run();
      };
      await world.run(world.process(undefined, throttled), 5 * MINUTE);
      expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'retrying', attempts: [{ number: 1 }] });
      expect(world.customers.at(endpoint.url)).toHaveLength(1);
      expect(world.log.named('endpoint.not-noted')).toHaveLength(1);
    },
  );
});
