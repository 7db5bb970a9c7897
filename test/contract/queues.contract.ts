import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServiceFault, VisibilityLimitError } from '../../lib/domain/errors.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/ports/outgoing-rules.ts';
import type { QueueName, QueueReceiver, Queues, ReceivedMessage } from '../../lib/ports/queues.ts';

/** What a backend gives the queue suite for one test: five empty queues, and the hand on their time. */
interface OpenedQueues {
  queues: Queues;
  /** Returns when so many seconds have passed for the queues: a virtual clock's, or real ones. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void> | void;
}

export type OpenQueues = () => Promise<OpenedQueues> | OpenedQueues;

/** In what queues may differ that all keep the port's promises; what is left out is as the stack deploys them. */
export interface QueueTraits {
  /** The visibility timeout of all five: at least 4. */
  visibilitySeconds?: number;
  /** False: `advance` waits for real, and hours are not waited for. */
  hasVirtualTime?: boolean;
  /** False: an emulator that answers no message group (what was asked for is asserted elsewhere). */
  tellsGroups?: boolean;
  /** False: an emulator that refuses each hiding beyond 12 h, but not their sum. */
  limitsHidingInAll?: boolean;
}

const QUEUES = ['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison'] as const satisfies readonly QueueName[];

export function describeQueues(name: string, open: OpenQueues, traits: QueueTraits = {}): void {
  const { visibilitySeconds = 120, hasVirtualTime = true, tellsGroups = true, limitsHidingInAll = true } = traits;
  const pastVisibility = visibilitySeconds + 1;
  const patient = { timeout: hasVirtualTime ? 20_000 : 120_000 };

  async function openForTest() {
    const { queues, advance, close } = await open();
    onTestFinished(() => close());
    const send = (queue: QueueName, body: string, delaySeconds = 0) =>
      queues.send(queue, [{ body, group: 'tenant', ...(delaySeconds > 0 && { delaySeconds }) }]);
    return { queues, advance, send };
  }

  describe(`${name}: sending and receiving`, patient, () => {
    test.each(QUEUES)('%s: a message comes as it was sent, and is gone once deleted', async (queue) => {
      const { queues, advance } = await openForTest();
      const body = JSON.stringify({ v: 1, text: 'ünïcode ✓ <&> "quoted"' });
      await queues.send(queue, [{ body, group: 'tenant-1' }]);
      const message = await receiveOne(queues, queue);
      expect(message).toMatchObject({ body, receiveCount: 1, ...(tellsGroups && { group: 'tenant-1' }) });
      await queues.delete(queue, [message]);
      await advance(pastVisibility);
      await expectNothing(queues, queue);
    });

    test('a body of 1 MiB is taken; of a larger one nothing is sent, nor of the messages beside it', async () => {
      const { queues } = await openForTest();
      const largest = 'x'.repeat(MAX_MESSAGE_BYTES);
      await queues.send('poison', [{ body: largest, group: 'tenant' }]);
      expect((await receiveOne(queues, 'poison')).body === largest).toBe(true);
      const beside = { body: 'small', group: 'tenant' };
      await expect(queues.send('retries', [beside, { body: `${largest}x`, group: 'tenant' }])).rejects.toThrow(
        RangeError,
      );
      await expectNothing(queues, 'retries');
    });

    test('a message of one queue does not come from another', async () => {
      const { queues, send } = await openForTest();
      await send('retries', 'mine');
      await expectNothing(queues, 'deliveries');
      expect((await receiveOne(queues, 'retries')).body).toBe('mine');
    });

    test('137 messages sent at once all come, each once, at most 10 at a time', async () => {
      const { queues } = await openForTest();
      const bodies = Array.from({ length: 137 }, (_, n) => `message ${n}`);
      await queues.send(
        'deliveries',
        bodies.map((body, n) => ({ body, group: `group-${n % 7}` })),
      );
      const received = await receiveMany(queues, 'deliveries', bodies.length);
      expect(received.map(({ body }) => body).toSorted()).toEqual(bodies.toSorted());
      expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(bodies.length);
    });

    test('concurrent receivers get different messages', async () => {
      const { queues } = await openForTest();
      const bodies = Array.from({ length: 40 }, (_, n) => `message ${n}`);
      await queues.send(
        'deliveries',
        bodies.map((body) => ({ body, group: 'tenant' })),
      );
      const received: ReceivedMessage[] = [];
      for (let round = 0; round < 50 && received.length < bodies.length; round += 1) {
        const batches = await Promise.all(Array.from({ length: 8 }, () => queues.receive('deliveries', 5)));
        received.push(...batches.flat());
      }
      expect(received.map(({ body }) => body).toSorted()).toEqual(bodies.toSorted());
    });

    test('the moment of sending is told, and stays what it was when the message comes again', async () => {
      const { queues, advance, send } = await openForTest();
      await send('deliveries', 'body');
      const first = await receiveOne(queues, 'deliveries');
      expect(first.sentAt).toBeGreaterThan(Date.UTC(2020, 0, 1));
      await advance(pastVisibility);
      expect((await receiveOne(queues, 'deliveries')).sentAt).toBe(first.sentAt);
    });

    test('deleting what is not there any more is no error, and deleting several takes them all', async () => {
      const { queues, advance } = await openForTest();
      await queues.send(
        'jobs',
        Array.from({ length: 14 }, (_, n) => ({ body: `${n}`, group: 'tenant' })),
      );
      const received = await receiveMany(queues, 'jobs', 14);
      await queues.delete('jobs', received);
      await queues.delete('jobs', received.slice(0, 3));
      await queues.delete('jobs', []);
      await advance(pastVisibility);
      await expectNothing(queues, 'jobs');
    });
  });

  describe(`${name}: delays`, patient, () => {
    test('a delayed message comes when its delay is over, and not before', async () => {
      const { queues, advance, send } = await openForTest();
      await send('retries', 'later', visibilitySeconds);
      await expectNothing(queues, 'retries');
      await advance(visibilitySeconds - 2);
      await expectNothing(queues, 'retries');
      await advance(3);
      expect(await receiveOne(queues, 'retries')).toMatchObject({ body: 'later', receiveCount: 1 });
    });

    test('a delay of 900 s is accepted, a longer, negative or broken one is refused and nothing is sent', async () => {
      const { queues, advance, send } = await openForTest();
      for (const delaySeconds of [901, -1, 1.5]) {
        const messages = [
          { body: 'first', group: 'g' },
          { body: 'refused', group: 'g', delaySeconds },
        ];
        await expect(queues.send('retries', messages), `${delaySeconds}`).rejects.toThrow(RangeError);
      }
      await expectNothing(queues, 'retries');
      await send('retries', 'longest', 900);
      if (!hasVirtualTime) return;
      await advance(901);
      expect((await receiveOne(queues, 'retries')).body).toBe('longest');
    });
  });

  describe(`${name}: visibility`, patient, () => {
    test('a received message is invisible for the timeout, then comes again and counts its receives', async () => {
      const { queues, advance, send } = await openForTest();
      await send('deliveries', 'body');
      const first = await receiveOne(queues, 'deliveries');
      await advance(visibilitySeconds - 2);
      await expectNothing(queues, 'deliveries');
      await advance(3);
      const second = await receiveOne(queues, 'deliveries');
      expect(second).toMatchObject({ messageId: first.messageId, receiveCount: 2, body: 'body' });
      expect(second.receiptHandle).not.toBe(first.receiptHandle);
    });

    test('a hidden message comes again when its time is over, longer or shorter than the timeout', async () => {
      const { queues, advance, send } = await openForTest();
      await send('retries', 'body');
      await queues.hide('retries', await receiveOne(queues, 'retries'), 3 * visibilitySeconds);
      await advance(3 * visibilitySeconds - 2);
      await expectNothing(queues, 'retries');
      await advance(3);
      const again = await receiveOne(queues, 'retries');
      expect(again.receiveCount).toBe(2);
      await queues.hide('retries', again, 1);
      await advance(2);
      expect((await receiveOne(queues, 'retries')).receiveCount).toBe(3);
    });

    test('a message hidden for 0 s is visible at once', async () => {
      const { queues, send } = await openForTest();
      await send('retries', 'body');
      await queues.hide('retries', await receiveOne(queues, 'retries'), 0);
      expect((await receiveOne(queues, 'retries')).receiveCount).toBe(2);
    });

    test('a hidden message can be hidden further and can be deleted', async () => {
      const { queues, advance, send } = await openForTest();
      await send('retries', 'body');
      const message = await receiveOne(queues, 'retries');
      await queues.hide('retries', message, 1);
      await queues.hide('retries', message, 2 * visibilitySeconds);
      await advance(visibilitySeconds + 2);
      await expectNothing(queues, 'retries');
      await queues.delete('retries', [message]);
      await advance(visibilitySeconds);
      await expectNothing(queues, 'retries');
    });

    test('nothing is hidden for more than 12 h in all from its receive', async () => {
      const { queues, advance, send } = await openForTest();
      await send('retries', 'body');
      const message = await receiveOne(queues, 'retries');
      await expect(queues.hide('retries', message, 43_201)).rejects.toThrow(VisibilityLimitError);
      if (!hasVirtualTime) return;
      await advance(60);
      if (limitsHidingInAll) {
        await expect(queues.hide('retries', message, 43_190)).rejects.toThrow(VisibilityLimitError);
      }
      await queues.hide('retries', message, 43_000);
      await advance(42_990);
      await expectNothing(queues, 'retries');
      await advance(11);
      const again = await receiveOne(queues, 'retries');
      await queues.hide('retries', again, 43_000);
    });

    test('an outdated receipt hides nothing', async () => {
      const { queues, advance, send } = await openForTest();
      await send('retries', 'body');
      const first = await receiveOne(queues, 'retries');
      await advance(pastVisibility);
      const second = await receiveOne(queues, 'retries');
      await queues.hide('retries', first, 600).catch((error: unknown) => expect(error).toBeInstanceOf(ServiceFault));
      await queues.hide('retries', second, 0);
      expect((await receiveOne(queues, 'retries')).receiveCount).toBe(3);
    });

    test('in flight is what is received, hidden or delayed, not what is visible or deleted', async () => {
      const { queues, send } = await openForTest();
      const inFlight = () => queues.inFlight('retries');
      const counts = () => queues.counts('retries');
      expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
      expect(await inFlight()).toBe(0);
      await queues.send(
        'retries',
        ['a', 'b', 'c'].map((body) => ({ body, group: 'tenant' })),
      );
      await send('retries', 'delayed', 600);
      const [first, second] = await receiveMany(queues, 'retries', 3);
      if (!first || !second) throw new Error('too few messages');
      await expect.poll(inFlight, { timeout: 5000 }).toBe(4);
      await expect.poll(counts, { timeout: 5000 }).toEqual({ visible: 0, inFlight: 3, delayed: 1 });
      await send('retries', 'visible');
      await expect.poll(counts, { timeout: 5000 }).toEqual({ visible: 1, inFlight: 3, delayed: 1 });
      await queues.hide('retries', first, 3600);
      await queues.delete('retries', [second]);
      await expect.poll(inFlight, { timeout: 5000 }).toBe(3);
    });
  });

  describe(`${name}: redrive`, patient, () => {
    test('a message of jobs goes to poison after 100 receives', async () => {
      const queue = 'jobs';
      const { queues, send } = await openForTest();
      await send(queue, 'hopeless');
      for (let count = 1; count <= 100; count += 1) {
        const message = await receiveOne(queues, queue);
        expect(message.receiveCount).toBe(count);
        await queues.hide(queue, message, 0);
      }
      await expectNothing(queues, queue);
      const poisoned = await receiveOne(queues, 'poison');
      expect(poisoned).toMatchObject({ body: 'hopeless', ...(tellsGroups && { group: 'tenant' }) });
      await queues.delete('poison', [poisoned]);
    });

    test('a message of deliveries survives more receives: it may be all that there is of a delivery', async () => {
      const { queues, send } = await openForTest();
      await send('deliveries', 'patient');
      for (let count = 1; count <= 105; count += 1) {
        await queues.hide('deliveries', await receiveOne(queues, 'deliveries'), 0);
      }
      expect(await receiveOne(queues, 'deliveries')).toMatchObject({ body: 'patient', receiveCount: 106 });
    });

    test('a message of exhausted or poison is redriven nowhere', async () => {
      const { queues, send } = await openForTest();
      for (const queue of ['exhausted', 'poison'] as const) {
        await send(queue, 'kept');
        for (let count = 1; count <= 105; count += 1) {
          await queues.hide(queue, await receiveOne(queues, queue), 0);
        }
        expect((await receiveOne(queues, queue)).body).toBe('kept');
      }
    });
  });
}

/** Receives may come back empty although there is a message: SQS asks only some of its servers. */
async function receiveMany(queues: QueueReceiver, queue: QueueName, count: number): Promise<ReceivedMessage[]> {
  const received: ReceivedMessage[] = [];
  for (let empty = 0; received.length < count && empty < 50;) {
    const batch = await queues.receive(queue, 10);
    expect(batch.length).toBeLessThanOrEqual(10);
    received.push(...batch);
    if (batch.length > 0) continue;
    empty += 1;
    await setTimeout(20);
  }
  expect(received).toHaveLength(count);
  return received;
}

async function receiveOne(queues: QueueReceiver, queue: QueueName): Promise<ReceivedMessage> {
  const [message] = await receiveMany(queues, queue, 1);
  if (!message) throw new Error(`${queue}: no message came`);
  return message;
}

async function expectNothing(queues: QueueReceiver, queue: QueueName): Promise<void> {
  for (let look = 0; look < 3; look += 1) expect(await queues.receive(queue, 10)).toEqual([]);
}
