import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SqliteStore, openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import {
  type PollableQueues,
  type Poller,
  type PollerOptions,
  startPoller,
} from '../../../lib/local/service/poller.ts';
import { timerOf } from '../../../lib/local/service/timer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const VISIBILITY_MS = 120_000;

let clock: VirtualClock;
let log: MemoryLog;
let store: SqliteStore;
let receives: number;
let questions: number;
let pollers: Poller[];

beforeEach(() => {
  clock = new VirtualClock();
  log = new MemoryLog();
  store = openSqliteStore({ path: ':memory:', clock });
  receives = 0;
  questions = 0;
  pollers = [];
});

afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
  store.close();
});

/** The store's queues, with the receives counted. */
function countedQueues(): PollableQueues {
  const { queues } = store;
  return {
    receive: (queue, max) => {
      receives += 1;
      return queues.receive(queue, max);
    },
    delete: (queue, messages) => queues.delete(queue, messages),
    onReady: (queue, listener) => queues.onReady(queue, listener),
    handTo: (queue, taker) => queues.handTo(queue, taker),
    nextVisibleAt: (queue) => {
      questions += 1;
      return queues.nextVisibleAt(queue);
    },
  };
}

function poll(handle: PollerOptions['handle'], options: Partial<PollerOptions> = {}): Poller {
  const poller = startPoller({
    queue: 'deliveries',
    queues: countedQueues(),
    clock,
    setTimer: timerOf(clock),
    log,
    receiveAtOnce: 10,
    maxConcurrency: 4,
    handle,
    ...options,
  });
  pollers.push(poller);
  return poller;
}

function send(bodies: readonly string[], delaySeconds = 0): Promise<void> {
  return store.queues.send(
    'deliveries',
    bodies.map((body) => ({ body, group: 'tenant', delaySeconds })),
  );
}

/** Lets everything happen that does not wait for the clock. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

const errorsOf = ({ lines }: MemoryLog) => lines.filter(({ level }) => level === 'error');

describe('a poller', () => {
  test('hands over each message once, and deletes what is done with', async () => {
    const seen: string[] = [];
    await send(numbered(23));
    poll(async ({ body }) => {
      seen.push(body);
      return true;
    });
    await settle();
    expect(seen.toSorted()).toEqual(numbered(23).toSorted());
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('asks an empty queue once, however many messages end meanwhile', async () => {
    await send(numbered(4));
    poll(async () => true, { maxConcurrency: 8 });
    await settle();
    // Before its receive, and after it.
    expect(questions).toBe(2);
    await send(['later']);
    await settle();
    expect(questions).toBe(2);
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('leaves what the handler keeps invisible until its timeout, and deletes the others', async () => {
    const seen: string[] = [];
    await send(['a', 'b', 'c']);
    poll(async ({ body }) => {
      seen.push(body);
      return body !== 'b' || seen.length > 3;
    });
    await settle();
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(VISIBILITY_MS - 1);
    expect(seen).toEqual(['a', 'b', 'c']);
    await clock.advance(1);
    await settle();
    expect(seen).toEqual(['a', 'b', 'c', 'b']);
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('brings the message of a handler that throws back after its timeout, and logs it once', async () => {
    const seen: string[] = [];
    const ids: string[] = [];
    await send(['a', 'b']);
    poll(async ({ body, messageId }) => {
      seen.push(body);
      ids.push(messageId);
      if (seen.length === 1) throw new Error('the handler broke');
      return true;
    });
    await settle();
    expect(errorsOf(log)).toMatchObject([
      { event: 'poller.message-failed', fields: { queue: 'deliveries', message_id: ids[0] } },
    ]);
    await clock.advance(VISIBILITY_MS);
    await settle();
    expect(seen).toEqual(['a', 'b', 'a']);
    expect(errorsOf(log)).toHaveLength(1);
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('is woken by a message that it was not handed, without time going by and without asking meanwhile', async () => {
    const seen: string[] = [];
    const queues = { ...countedQueues(), handTo: () => () => undefined };
    poll(
      async ({ body }) => {
        seen.push(body);
        return true;
      },
      { queues },
    );
    await clock.advance(3_600_000);
    expect(receives).toBe(0);
    await send(['a']);
    await settle();
    expect(seen).toEqual(['a']);
    expect(receives).toBe(1);
  });

  test('takes a delayed message up when it is due, and does not receive before', async () => {
    const seen: number[] = [];
    const start = clock.now();
    poll(async () => {
      seen.push(clock.now() - start);
      return true;
    });
    await send(['a'], 300);
    await clock.advance(299_999);
    expect(receives).toBe(0);
    await clock.advance(1);
    await settle();
    expect(seen).toEqual([300_000]);
  });

  test('never has more calls of the handler under way than it may', async () => {
    let underWay = 0;
    let most = 0;
    await send(numbered(40));
    poll(
      async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await turn();
        underWay -= 1;
        return true;
      },
      { maxConcurrency: 3 },
    );
    await settle();
    await settle();
    expect(most).toBe(3);
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('acknowledges the others while one message takes long', async () => {
    const slow = Promise.withResolvers<void>();
    await send(numbered(30));
    poll(
      async ({ body }) => {
        if (body === 'm3') await slow.promise;
        return true;
      },
      { maxConcurrency: 2 },
    );
    await settle();
    await settle();
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    slow.resolve();
    await settle();
    expect(store.queues.count('deliveries').inFlight).toBe(0);
  });

  test('stops only when what is under way is done and acknowledged, and takes up nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    await send(['a']);
    const poller = poll(async ({ body }) => {
      seen.push(body);
      await gate.promise;
      return true;
    });
    await settle();
    let stopped = false;
    const stopping = poller.stop().then(() => {
      stopped = true;
    });
    await send(['b']);
    await settle();
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    await settle();
    expect(seen).toEqual(['a']);
    expect(store.queues.count('deliveries')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  test('stops only when what it was receiving is done, too', async () => {
    const [received, handled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const queues = countedQueues();
    await send(['a']);
    const poller = poll(
      async () => {
        await handled.promise;
        return true;
      },
      {
        queues: {
          ...queues,
          receive: async (queue, max) => {
            await received.promise;
            return queues.receive(queue, max);
          },
        },
      },
    );
    await settle();
    let stopped = false;
    const stopping = poller.stop().then(() => {
      stopped = true;
    });
    received.resolve();
    await settle();
    expect(stopped).toBe(false);
    handled.resolve();
    await stopping;
    expect(store.queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('tries a failed receive again a second later', async () => {
    const seen: string[] = [];
    const queues = countedQueues();
    let broken = true;
    await send(['a']);
    poll(
      async ({ body }) => {
        seen.push(body);
        return true;
      },
      {
        queues: {
          ...queues,
          receive: async (queue, max) => {
            if (broken) throw new ServiceFault('the disk is full');
            return queues.receive(queue, max);
          },
        },
      },
    );
    await settle();
    expect(errorsOf(log)).toMatchObject([{ event: 'poller.receive-failed', fields: { queue: 'deliveries' } }]);
    broken = false;
    await clock.advance(1000);
    await settle();
    expect(seen).toEqual(['a']);
    expect(errorsOf(log)).toHaveLength(1);
  });
});
