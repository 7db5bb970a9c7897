import { describe, expect } from 'vitest';
import { writeDeliveryMessage, writeJobMessage } from '../../../lib/domain/message.ts';
import { poisonMessage } from '../../../lib/pipeline/delivery/faulty-messages.ts';
import { type WorkedQueue, redriveDeadLetters, routeDeadLetter } from '../../../lib/pipeline/manual/redrive.ts';
import type { QueueName, QueueReceiver, QueueSender } from '../../../lib/ports/queues.ts';
import { test as base } from '../../support/pipeline-test.ts';

type Queues = QueueSender & QueueReceiver;

const ULID = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';
const delivery = (epoch: number) =>
  writeDeliveryMessage({ tenantId: 'org_a', endpointId: `ep_${ULID}`, eventId: `evt_${ULID}`, ordinal: 0, epoch });
const job = writeJobMessage({ tenantId: 'org_a', jobId: `job_${ULID}`, step: 3 });
const wrap = (from: string, body: string) => JSON.stringify({ v: 1, from, why: 'a fault', body });

const test = base
  .extend('queues', ({ world }): Queues => world.store.queues)
  .extend('fill', ({ queues }) => (queue: QueueName, bodies: readonly string[]) => {
    return queues.send(
      queue,
      bodies.map((body) => ({ body, group: 'org_a' })),
    );
  })
  .extend('counts', ({ world }) => () => {
    const all = ['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison'] as const;
    return Object.fromEntries(all.map((queue) => [queue, world.count(queue)]));
  });

describe('a message of poison', () => {
  test.for<[string, string, WorkedQueue, string]>([
    ['in an envelope of deliveries, whatever its epoch', wrap('deliveries', delivery(2)), 'deliveries', delivery(2)],
    ['in an envelope of retries, whatever its epoch', wrap('retries', delivery(0)), 'retries', delivery(0)],
    ['in an envelope of jobs', wrap('jobs', job), 'jobs', job],
    ['of a probe in an envelope of slow', wrap('slow', job), 'slow', job],
    ['moved there by SQS, a job', job, 'jobs', job],
    ['moved there by SQS, a first attempt', delivery(0), 'deliveries', delivery(0)],
    ['moved there by SQS, a later message', delivery(1), 'retries', delivery(1)],
  ])('%s, goes to its own queue unchanged', ([, body, to, sent]) => {
    expect(routeDeadLetter('poison', body)).toEqual({ to, body: sent });
  });

  test('of newer code in an envelope goes back to newer code', () => {
    const body = '{"v":2,"parcel":"p"}';
    expect(routeDeadLetter('poison', wrap('retries', body))).toEqual({ to: 'retries', body });
  });

  test.for<[string, string]>([
    ['{"v":2,"parcel":"p"}', 'of a newer version'],
    ['hello', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['{"v":1,"tenant":"org_a"}', 'fields missing or of the wrong kind'],
    [wrap('deliveries', 'hello'), 'not a JSON object'],
    [wrap('jobs', delivery(0)), 'fields missing or of the wrong kind'],
    [wrap('exhausted', delivery(0)), 'fields missing or of the wrong kind'],
  ])('that is %s stays: %s', ([body, why]) => {
    expect(routeDeadLetter('poison', body)).toEqual({ why });
  });
});

describe('a redrive', () => {
  test('moves every exhausted delivery to retries, with its body and its group', async ({ fill, counts, queues }) => {
    await fill(
      'exhausted',
      Array.from({ length: 23 }, (_, index) => delivery(index)),
    );
    const { moved, kept } = await redriveDeadLetters(queues, 'exhausted', 23);
    expect([moved, kept]).toEqual([{ deliveries: 0, retries: 23, slow: 0, jobs: 0 }, []]);
    expect(counts()).toEqual({ deliveries: 0, retries: 23, slow: 0, jobs: 0, exhausted: 0, poison: 0 });
    const [first] = await queues.receive('retries', 1);
    expect(first).toMatchObject({ body: delivery(0), group: 'org_a' });
  });

  test('moves what our code has poisoned back to where it came from', async ({ world, fill, counts, queues }) => {
    await fill('retries', [delivery(4)]);
    const received = await queues.receive('retries', 1);
    for (const message of received) await poisonMessage(world.ports, 'retries', message, 'failed five times');
    await queues.delete('retries', received);
    expect((await redriveDeadLetters(queues, 'poison', 1)).moved.retries).toBe(1);
    expect(counts()).toMatchObject({ retries: 1, poison: 0 });
    expect(await queues.receive('retries', 1)).toMatchObject([{ body: delivery(4), group: 'org_a' }]);
  });

  test('moves what is around an unreadable message, and reports that one', async ({ fill, counts, queues }) => {
    await fill('poison', ['hello', delivery(0), job, wrap('retries', delivery(2)), wrap('jobs', '{}')]);
    const { moved, kept } = await redriveDeadLetters(queues, 'poison', 5);
    expect(moved).toEqual({ deliveries: 1, retries: 1, slow: 0, jobs: 1 });
    expect(kept.map(({ message, why }) => [message.body, why])).toEqual([
      ['hello', 'not a JSON object'],
      [wrap('jobs', '{}'), 'no version'],
    ]);
    expect(counts()).toEqual({ deliveries: 1, retries: 1, slow: 0, jobs: 1, exhausted: 0, poison: 2 });
  });

  test('ends although every message comes straight back, and moves each once', async ({ fill, counts, queues }) => {
    await fill(
      'poison',
      Array.from({ length: 12 }, () => delivery(0)),
    );
    const circle = around(queues, {
      send: async (queue, messages) => {
        await queues.send(queue, messages);
        await fill(
          'poison',
          messages.map(({ body }) => wrap(queue, body)),
        );
      },
    });
    expect((await redriveDeadLetters(circle, 'poison', 12)).moved.deliveries).toBe(12);
    expect(counts()).toMatchObject({ deliveries: 12, poison: 12 });
  });

  test('ends although an unreadable message is visible again at once, and reports it once', async ({
    world,
    fill,
    queues,
  }) => {
    await fill('poison', ['hello', delivery(0)]);
    const impatient = around(queues, {
      receive: async (queue) => {
        const messages = await queues.receive(queue, 1);
        for (const message of messages) await queues.hide(queue, message, 0);
        return messages;
      },
    });
    const { kept } = await redriveDeadLetters(impatient, 'poison', 6);
    expect(kept.map(({ message }) => message.body)).toEqual(['hello']);
    expect(world.count('poison')).toBe(1);
  });

  test('that dies between send and delete leaves a duplicate and loses nothing', async ({ fill, counts, queues }) => {
    await fill('poison', [delivery(0)]);
    const dying = around(queues, { delete: () => Promise.reject(new Error('gone')) });
    await expect(redriveDeadLetters(dying, 'poison', 1)).rejects.toThrow('gone');
    expect(counts()).toMatchObject({ deliveries: 1, poison: 1 });
  });

  test('deletes nothing that its queue did not take', async ({ fill, counts, queues }) => {
    await fill('poison', [delivery(0), job]);
    const refusing = around(queues, {
      send: (queue, messages) => (queue === 'jobs' ? Promise.reject(new Error('no')) : queues.send(queue, messages)),
    });
    await expect(redriveDeadLetters(refusing, 'poison', 2)).rejects.toThrow('no');
    expect(counts()).toMatchObject({ deliveries: 1, jobs: 0, poison: 1 });
  });
});

/** The same queues with some of their methods replaced. */
function around(queues: Queues, replaced: Partial<Queues>): Queues {
  return {
    send: (queue, messages) => queues.send(queue, messages),
    hide: (queue, message, seconds) => queues.hide(queue, message, seconds),
    inFlight: (queue) => queues.inFlight(queue),
    receive: (queue, max) => queues.receive(queue, max),
    delete: (queue, messages) => queues.delete(queue, messages),
    ...replaced,
  };
}
