import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SqliteStore, openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { type PollableQueues, type Poller, startPoller } from '../../../lib/local/service/poller.ts';
import { timerOf } from '../../../lib/local/service/timer.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let clock: VirtualClock;
let store: SqliteStore;
let pollers: Poller[];
let worked: string[];

beforeEach(() => {
  clock = new VirtualClock();
  store = openSqliteStore({ path: ':memory:', clock });
  pollers = [];
  worked = [];
});

afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
  store.close();
});

/** One that takes messages as they are sent, one at a time unless told otherwise. */
function poll(queues: PollableQueues = store.queues, maxConcurrency = 1): Poller {
  const poller = startPoller({
    queue: 'deliveries',
    queues,
    clock,
    setTimer: timerOf(clock),
    log: new MemoryLog(),
    receiveAtOnce: 10,
    maxConcurrency,
    handle: async ({ body }) => {
      worked.push(body);
      return true;
    },
  });
  pollers.push(poller);
  return poller;
}

/** Lets everything happen that does not wait for the clock. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
}

const message = (body: string) => ({ body, group: 'tenant' });
const send = (...bodies: string[]) => store.queues.send('deliveries', bodies.map(message));

/** Sends by a write that does something more, once its message has a place. */
function sendAnd(body: string, more: () => void): Promise<void> {
  return store.queues.sendBy('deliveries', [message(body)], async (insertAll) => {
    insertAll();
    more();
  });
}

function fail(): never {
  throw new Error('the disk is full');
}

describe('a poller that takes messages as they are sent', () => {
  test('has all its places again after writes that failed', async () => {
    poll();
    for (let times = 0; times < 3; times += 1) await expect(sendAnd('undone', fail)).rejects.toThrow('full');
    await send('a');
    await send('b');
    await settle();
    expect(worked).toEqual(['a', 'b']);
  });

  test('looks for what was sent while a write that failed had its last place', async () => {
    poll();
    let other: Promise<void> | undefined;
    const failing = store.queues.sendBy('deliveries', [message('undone')], async (insertAll) => {
      insertAll();
      other = send('other');
      await other;
      fail();
    });
    await expect(failing).rejects.toThrow('full');
    await settle();
    expect(worked).toContain('other');
  });

  test('takes nothing once it is stopped: what it had a place for is received after the next start', async () => {
    const poller = poll();
    await sendAnd('late', () => void poller.stop());
    await settle();
    expect(worked).toEqual([]);
    expect(await store.queues.recoverInFlight()).toBe(1);
  });

  test('takes nothing before what it is about to receive', async () => {
    const gate = Promise.withResolvers<void>();
    await send('first');
    const { queues } = store;
    poll(
      {
        receive: (queue, max) => gate.promise.then(() => queues.receive(queue, max)),
        delete: (queue, messages) => queues.delete(queue, messages),
        onReady: (queue, listener) => queues.onReady(queue, listener),
        handTo: (queue, taker) => queues.handTo(queue, taker),
        nextVisibleAt: (queue) => queues.nextVisibleAt(queue),
      },
      2,
    );
    await send('second');
    await settle();
    gate.resolve();
    await settle();
    expect(worked).toEqual(['first', 'second']);
  });
});
