import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import type { QueueName, ReceivedMessage } from '../../../../lib/ports/queues.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const DAY_SECONDS = 24 * 3600;

function openQueues() {
  const clock = new VirtualClock();
  const store = openSqliteStore({ path: ':memory:', clock });
  onTestFinished(() => store.close());
  const { queues } = store;
  const advance = (seconds: number) => clock.advance(seconds * 1000);
  const sendMany = (queue: QueueName, group: string, count: number, delaySeconds = 0) =>
    queues.send(
      queue,
      Array.from({ length: count }, (_, n) => ({ body: `${group} ${n}`, group, delaySeconds })),
    );
  const receiveOne = async (queue: QueueName): Promise<ReceivedMessage> => {
    const [message] = await queues.receive(queue, 1);
    if (!message) throw new Error(`${queue}: no message came`);
    return message;
  };
  return { store, queues, clock, advance, sendMany, receiveOne };
}

test.each([
  ['retries', 10],
  ['slow', 10],
  ['jobs', 10],
  ['exhausted', 14],
  ['poison', 14],
] as const)('a message of %s is dropped after %i days, and not earlier', async (queue, days) => {
  const { queues, advance, sendMany } = openQueues();
  await sendMany(queue, 'old', 1);
  await advance(days * DAY_SECONDS - 1);
  await sendMany(queue, 'new', 1);
  expect(await queues.receive(queue, 10)).toHaveLength(2);
  await advance(1);
  // What was received is visible again, and only the new message is young enough.
  await advance(120);
  expect((await queues.receive(queue, 10)).map(({ group }) => group)).toEqual(['new']);
});

test('a message of deliveries goes to poison after 900 receives', async () => {
  const { queues, sendMany, receiveOne } = openQueues();
  await sendMany('deliveries', 'hopeless', 1);
  for (let count = 1; count <= 900; count += 1) {
    await queues.hide('deliveries', await receiveOne('deliveries'), 0);
  }
  expect(await queues.receive('deliveries', 1)).toEqual([]);
  expect((await receiveOne('poison')).group).toBe('hopeless');
});

describe('many messages at once', () => {
  const halves = (messages: readonly ReceivedMessage[]) => ({
    even: messages.filter((_, index) => index % 2 === 0),
    odd: messages.filter((_, index) => index % 2 === 1),
  });
  const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body).toSorted();

  test.each([1, 15, 16, 17, 32, 37, 100])(
    '%i that are received are deleted one by one, and no other',
    async (count) => {
      const { queues, advance, sendMany } = openQueues();
      await sendMany('deliveries', 'many', count);
      const received = await queues.receive('deliveries', 100);
      expect(received.map(({ body }) => body)).toEqual(Array.from({ length: count }, (_, n) => `many ${n}`));
      const { even, odd } = halves(received);
      await Promise.all(even.map((message) => queues.delete('deliveries', [message])));
      await advance(3600);
      expect(bodies(await queues.receive('deliveries', 100))).toEqual(bodies(odd));
      // By a receipt of the receive before nothing is deleted.
      await queues.delete('deliveries', odd);
      await advance(3600);
      expect(await queues.receive('deliveries', 100)).toHaveLength(odd.length);
    },
  );

  test.each([1, 15, 16, 17, 32, 37])('%i that are handed over are deleted one by one, and no other', async (count) => {
    const { queues, advance, sendMany } = openQueues();
    const taken: ReceivedMessage[] = [];
    const taker = { reserve: () => true, take: (message: ReceivedMessage) => taken.push(message), release: () => {} };
    const end = queues.handTo('deliveries', taker);
    await sendMany('deliveries', 'many', count);
    end();
    expect(taken.map(({ body }) => body)).toEqual(Array.from({ length: count }, (_, n) => `many ${n}`));
    const { even, odd } = halves(taken);
    await queues.delete('deliveries', even);
    await advance(3600);
    expect(bodies(await queues.receive('deliveries', 100))).toEqual(bodies(odd));
  });

  test('those without a delay come at once and in their order, the others later', async () => {
    const { queues, advance } = openQueues();
    const messages = Array.from({ length: 40 }, (_, n) => ({ body: `${n}`, group: 'a', delaySeconds: n % 3 }));
    await queues.send('deliveries', messages);
    const ofDelay = (seconds: number) => messages.filter(({ delaySeconds }) => delaySeconds === seconds);
    for (const seconds of [0, 1, 2]) {
      const received = await queues.receive('deliveries', 100);
      expect(received.map(({ body }) => body)).toEqual(ofDelay(seconds).map(({ body }) => body));
      await advance(1);
    }
  });
});

describe('fairness among groups', () => {
  test('a group that comes new does not wait behind the long line of another', async () => {
    const { queues, sendMany } = openQueues();
    await sendMany('deliveries', 'flood', 2000);
    await queues.receive('deliveries', 10);
    await sendMany('deliveries', 'quiet', 1);
    const next = await queues.receive('deliveries', 3);
    expect(next.map(({ group }) => group)).toContain('quiet');
  });

  test('two long lines get one message each in turn', async () => {
    const { queues, sendMany } = openQueues();
    await sendMany('deliveries', 'a', 500);
    await sendMany('deliveries', 'b', 500);
    for (let batch = 0; batch < 10; batch += 1) {
      const received = await queues.receive('deliveries', 10);
      expect(received.filter(({ group }) => group === 'a')).toHaveLength(5);
    }
  });

  test('a flood that wakes together does not hold up what wakes after it', async () => {
    const { queues, advance, sendMany } = openQueues();
    await sendMany('retries', 'flood', 400, 60);
    await sendMany('retries', 'quiet', 1, 61);
    await advance(62);
    const first = await queues.receive('retries', 10);
    expect(first.filter(({ group }) => group === 'quiet')).toHaveLength(1);
  });

  test('a group that was quiet for long has saved up no turns', async () => {
    const { queues, sendMany } = openQueues();
    await sendMany('deliveries', 'busy', 300);
    for (let batch = 0; batch < 20; batch += 1) await queues.receive('deliveries', 10);
    await sendMany('deliveries', 'sleeper', 100);
    const received = await queues.receive('deliveries', 10);
    expect(received.filter(({ group }) => group === 'busy').length).toBeGreaterThanOrEqual(4);
  });

  test('many groups that came and went leave the order of those that wait as it was', async () => {
    const { queues, sendMany } = openQueues();
    await sendMany('deliveries', 'flood', 50);
    for (let n = 0; n < 3000; n += 1000) {
      const messages = Array.from({ length: 1000 }, (_, m) => ({ body: 'x', group: `guest-${n + m}` }));
      await queues.send('deliveries', messages);
      for (let batch = 0; batch < 100; batch += 1) await queues.receive('deliveries', 10);
    }
    await sendMany('deliveries', 'flood', 50);
    await sendMany('deliveries', 'quiet', 1);
    const next = await queues.receive('deliveries', 10);
    expect(next.map(({ group }) => group)).toContain('quiet');
  });
});

describe('life of a message', () => {
  test('a message of retries goes to exhausted after 900 receives', async () => {
    const { queues, sendMany, receiveOne } = openQueues();
    await sendMany('retries', 'group', 1);
    for (let count = 1; count <= 900; count += 1) await queues.hide('retries', await receiveOne('retries'), 0);
    expect(await queues.receive('retries', 10)).toEqual([]);
    expect((await receiveOne('exhausted')).body).toBe('group 0');
  });

  test('a message is kept for 14 days from its sending and dropped after them, hidden or not', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('exhausted', 'group', 2);
    await advance(14 * DAY_SECONDS - 10);
    await queues.hide('exhausted', await receiveOne('exhausted'), 5);
    await advance(11);
    expect(await queues.receive('exhausted', 10)).toEqual([]);
    expect(queues.count('exhausted')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('a receipt that a later receive has superseded hides nothing and deletes nothing', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('retries', 'group', 1);
    const first = await receiveOne('retries');
    await advance(121);
    const second = await receiveOne('retries');
    await expect(queues.hide('retries', first, 600)).rejects.toThrow(ServiceFault);
    await queues.delete('retries', [first, { ...first, receiptHandle: 'nonsense' }]);
    expect(queues.count('retries').inFlight).toBe(1);
    await queues.delete('retries', [second]);
    expect(queues.count('retries').inFlight).toBe(0);
  });

  test('a message whose visibility timeout has passed can be deleted and not hidden', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('retries', 'group', 1);
    const message = await receiveOne('retries');
    await advance(121);
    await expect(queues.hide('retries', message, 600)).rejects.toThrow(ServiceFault);
    expect(queues.count('retries').visible).toBe(1);
    await queues.delete('retries', [message]);
    expect(queues.count('retries').visible).toBe(0);
  });

  test('asking for more than 100 messages is refused', async () => {
    const { queues } = openQueues();
    await expect(queues.receive('jobs', 101)).rejects.toThrow(RangeError);
    await expect(queues.receive('jobs', 0)).rejects.toThrow(RangeError);
  });

  test('after a crash what was received is visible at once, and what was hidden or delayed waits on', async () => {
    const { queues, sendMany, receiveOne } = openQueues();
    await sendMany('retries', 'received', 1);
    await sendMany('deliveries', 'hidden', 1);
    await sendMany('retries', 'delayed', 1, 60);
    await receiveOne('retries');
    await queues.hide('deliveries', await receiveOne('deliveries'), 600);
    expect(await queues.recoverInFlight()).toBe(1);
    const recovered = await queues.receive('retries', 10);
    expect(recovered).toMatchObject([{ body: 'received 0', receiveCount: 2 }]);
    expect(await queues.receive('deliveries', 10)).toEqual([]);
  });

  test('a first message, to which no record leads, waits for a machine that was off, however long that was', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('deliveries', 'left', 2);
    await receiveOne('deliveries');
    await advance(400 * DAY_SECONDS);
    expect(await queues.receive('deliveries', 10)).toMatchObject([{ body: 'left 1' }, { body: 'left 0' }]);
  });

  test('what is moved to poison is kept there for 14 days from then on, however old it is', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('deliveries', 'old', 1);
    await advance(30 * DAY_SECONDS);
    for (let count = 1; count <= 900; count += 1) await queues.hide('deliveries', await receiveOne('deliveries'), 0);
    expect(await queues.receive('deliveries', 10)).toEqual([]);
    await advance(14 * DAY_SECONDS - 1);
    await queues.hide('poison', await receiveOne('poison'), 1);
    await advance(1);
    expect(await queues.receive('poison', 10)).toEqual([]);
  });

  test('a large number in flight may be told a second late, and not later', async () => {
    const { queues, advance, sendMany } = openQueues();
    await sendMany('retries', 'group', 2500);
    const received: ReceivedMessage[] = [];
    while (received.length < 2500) received.push(...(await queues.receive('retries', 10)));
    expect(await queues.inFlight('retries')).toBe(2500);
    await queues.delete('retries', received.slice(0, 100));
    await advance(1);
    expect(await queues.inFlight('retries')).toBe(2400);
  });
});

describe('what the poller asks', () => {
  test('counts what is visible, in flight and delayed', async () => {
    const { queues, advance, sendMany, receiveOne } = openQueues();
    await sendMany('retries', 'group', 5);
    await sendMany('retries', 'late', 2, 300);
    await receiveOne('retries');
    await queues.hide('retries', await receiveOne('retries'), 200);
    expect(queues.count('retries')).toEqual({ visible: 3, inFlight: 2, delayed: 2 });
    await advance(121);
    expect(queues.count('retries')).toEqual({ visible: 4, inFlight: 1, delayed: 2 });
    await advance(180);
    expect(queues.count('retries')).toEqual({ visible: 7, inFlight: 0, delayed: 0 });
  });

  test('tells when the next message is visible', async () => {
    const { queues, clock, sendMany, receiveOne } = openQueues();
    expect(queues.nextVisibleAt('retries')).toBeUndefined();
    await sendMany('retries', 'late', 1, 300);
    expect(queues.nextVisibleAt('retries')).toBe(clock.now() + 300_000);
    await sendMany('retries', 'now', 1);
    expect(queues.nextVisibleAt('retries')).toBe(clock.now());
    await receiveOne('retries');
    expect(queues.nextVisibleAt('retries')).toBe(clock.now() + 120_000);
  });

  test('is woken by a sending, a hiding and a redrive, until it stops listening', async () => {
    const { queues, sendMany, receiveOne } = openQueues();
    const seen: number[] = [];
    const stop = queues.onReady('deliveries', () => seen.push(queues.count('deliveries').visible));
    await sendMany('deliveries', 'group', 1);
    expect(seen).toEqual([1]);
    await sendMany('jobs', 'group', 1);
    expect(seen).toEqual([1]);
    await queues.hide('deliveries', await receiveOne('deliveries'), 0);
    expect(seen).toEqual([1, 1]);
    stop();
    await sendMany('deliveries', 'group', 1);
    expect(seen).toEqual([1, 1]);
  });

  test('a receive that a sending wakes is in the same commit', async () => {
    const { queues, sendMany } = openQueues();
    const order: string[] = [];
    queues.onReady('deliveries', () => void queues.receive('deliveries', 10).then(() => order.push('received')));
    const sent = sendMany('deliveries', 'group', 3).then(() => order.push('sent'));
    // A turn for the one commit. A second one would take another.
    await turn();
    await Promise.resolve();
    expect(order.toSorted()).toEqual(['received', 'sent']);
    await sent;
    expect(queues.count('deliveries')).toEqual({ visible: 0, inFlight: 3, delayed: 0 });
  });

  test('the poller of poison is woken by what is moved there', async () => {
    const { queues, sendMany, receiveOne } = openQueues();
    await sendMany('jobs', 'group', 1);
    for (let count = 1; count <= 100; count += 1) await queues.hide('jobs', await receiveOne('jobs'), 0);
    let visible = 0;
    queues.onReady('poison', () => (visible = queues.count('poison').visible));
    expect(await queues.receive('jobs', 10)).toEqual([]);
    expect(visible).toBe(1);
  });
});
