import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { startPoller } from '../../../lib/local/service/poller.ts';
import { timerOf } from '../../../lib/local/service/timer.ts';
import { SharedDeliveries } from '../../../lib/local/threads/shared-deliveries.ts';
import type { QueueName } from '../../../lib/ports/queues.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** The main thread's poller of a queue, and what it took. The threads are the test itself. */
function openMain(queue: QueueName = 'deliveries') {
  const clock = new VirtualClock();
  const { queues, close } = openSqliteStore({ path: ':memory:', clock });
  const shared = new SharedDeliveries(queues, clock);
  const taken: string[] = [];
  const poller = startPoller({
    queue,
    queues: shared,
    clock,
    setTimer: timerOf(clock),
    log: new MemoryLog(),
    receiveAtOnce: 100,
    maxConcurrency: 320,
    handle: async ({ body }) => {
      taken.push(body);
      return true;
    },
  });
  onTestFinished(() => poller.stop().then(close));
  const send = (count: number) =>
    queues.send(
      queue,
      Array.from({ length: count }, (_, n) => ({ body: `${n}`, group: 'acme' })),
    );
  const ready = () => queues.count(queue).visible;
  /** A second, in which receives have the turns of the event loop that they need. */
  const passSecond = async () => {
    for (let step = 0; step < 100; step += 1) await clock.advance(10);
  };
  return { passSecond, clock, queues, shared, taken, send, ready };
}

describe('the deliveries of the main thread', () => {
  test('are all of them while there is no thread: taken as they are sent', async () => {
    const { taken, send, ready } = openMain();
    await send(150);
    expect(ready()).toBe(0);
    expect(taken).toHaveLength(150);
  });

  test.each<QueueName>(['deliveries', 'retries'])(
    'are none while threads keep up, however often something is sent to %s',
    async (queue) => {
      const { clock, shared, taken, send, ready, queues } = openMain(queue);
      shared.share(true);
      for (let round = 0; round < 20; round += 1) {
        await send(99);
        await clock.advance(100);
        expect(taken).toEqual([]);
        expect(ready()).toBe(99);
        await queues.delete(queue, await queues.receive(queue, 100));
      }
    },
  );

  test('are what is ready beyond the 99 that threads are left with, from 100 on', async () => {
    const { passSecond, shared, taken, send, ready } = openMain();
    shared.share(true);
    await send(99);
    await passSecond();
    expect(taken).toEqual([]);
    await send(201);
    await passSecond();
    expect(ready()).toBeLessThan(100);
    // At most 32 at once: what is left is for the threads.
    expect(ready()).toBeGreaterThanOrEqual(100 - 32);
    expect(taken).toHaveLength(300 - ready());
  });

  test('are helped with even when nothing was there as the threads began', async () => {
    const { clock, passSecond, shared, taken, send } = openMain();
    await clock.advance(60_000);
    shared.share(true);
    await clock.advance(60_000);
    await send(500);
    await passSecond();
    expect(taken.length).toBeGreaterThan(400);
  });

  test('are all of them again once the threads end, with what they left', async () => {
    const { passSecond, shared, taken, send, ready } = openMain();
    shared.share(true);
    await send(50);
    await passSecond();
    expect(taken).toEqual([]);
    shared.share(false);
    await passSecond();
    await send(1);
    expect(taken).toHaveLength(51);
    expect(ready()).toBe(0);
  });

  test('are made at their time after the threads have ended, when a thread had hidden them', async () => {
    const { clock, shared, taken, send, queues } = openMain('retries');
    shared.share(true);
    await send(1);
    const [message] = await queues.receive('retries', 1);
    if (message) await queues.hide('retries', message, 600);
    shared.share(false);
    await clock.advance(599_999);
    expect(taken).toEqual([]);
    await clock.advance(2);
    expect(taken).toEqual(['0']);
  });
});
