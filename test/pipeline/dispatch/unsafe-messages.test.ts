import { describe, expect } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { test } from '../../support/pipeline-test.ts';
import type { Process, World } from '../../support/world.ts';

/** Dispatches one message of the queue as one that the disk does not have yet. */
async function dispatchUnsafe(world: World, process: Process) {
  const [message] = await world.store.queues.receive('deliveries', 1);
  if (!message) throw new Error('The queue is empty.');
  const safe = Promise.withResolvers<void>();
  const kept = process.handle('deliveries', [{ ...message, safe: safe.promise }]);
  await new Promise(setImmediate);
  return { message, safe, kept };
}

describe('the request of a message that the disk does not have yet', () => {
  test('leaves once the disk has it', async ({ world, process, post }) => {
    const { id, url } = await world.endpointAnswering(200);
    const event = await post();
    const { safe, kept } = await dispatchUnsafe(world, process);
    expect(world.customers.at(url)).toEqual([]);
    safe.resolve();
    expect(await kept).toEqual([]);
    expect(world.customers.at(url)).toHaveLength(1);
    expect((await world.delivery(event, id))?.status).toBe('delivered');
  });

  test('does not leave when the disk may have lost it: the message comes back, and no attempt is counted', async ({
    world,
    process,
    post,
  }) => {
    const { id, url } = await world.endpointAnswering(200);
    const event = await post();
    const { message, safe, kept } = await dispatchUnsafe(world, process);
    safe.reject(new ServiceFault('The disk of the store failed.'));
    expect(await kept).toEqual([message.messageId]);
    expect(world.customers.at(url)).toEqual([]);
    await world.run(process, 60_000);
    expect(world.customers.at(url)).toHaveLength(1);
    expect(await world.delivery(event, id)).toMatchObject({ status: 'delivered', attempts: { length: 1 } });
  });

  test('is prepared before that', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering(200);
    await world.clock.advance(600);
    await post();
    const preparedAt = world.clock.now();
    const { safe, kept } = await dispatchUnsafe(world, process);
    await world.clock.advance(600);
    safe.resolve();
    expect(await kept).toEqual([]);
    const [arrived] = world.customers.at(url);
    expect(arrived?.headers['webhook-timestamp']).toBe(String(Math.floor(preparedAt / 1000)));
  });

  test('is prepared again when the disk took so long that its endpoint may have changed', async ({
    world,
    process,
    post,
  }) => {
    const { url } = await world.endpointAnswering(200);
    await post();
    const { safe, kept } = await dispatchUnsafe(world, process);
    await world.clock.advance(5000);
    safe.resolve();
    expect(await kept).toEqual([]);
    const [arrived, ...others] = world.customers.at(url);
    expect(others).toEqual([]);
    expect(arrived?.headers['webhook-timestamp']).toBe(String(Math.floor(world.clock.now() / 1000)));
  });
});

describe('a message that the disk does not have yet, and whose endpoint has as many requests as it may', () => {
  const narrow = test.extend('settings', { requestsPerEndpoint: 1, attemptsInLine: 1 });

  narrow('waits for the disk first: it neither gives up nor comes back later', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering(200);
    await post();
    await post();
    const [first, second] = [await dispatchUnsafe(world, process), await dispatchUnsafe(world, process)];
    await world.clock.advance(5000);
    first.safe.resolve();
    second.safe.resolve();
    expect(await Promise.all([first.kept, second.kept])).toEqual([[], []]);
    expect(world.customers.at(url)).toHaveLength(2);
  });

  narrow('takes a place that has become free meanwhile', async ({ world, process, post }) => {
    const { url } = await world.endpointAnswering(200);
    await post();
    await post();
    const [first, second] = [await dispatchUnsafe(world, process), await dispatchUnsafe(world, process)];
    first.safe.resolve();
    expect(await first.kept).toEqual([]);
    second.safe.resolve();
    expect(await second.kept).toEqual([]);
    expect(world.customers.at(url)).toHaveLength(2);
  });
});
