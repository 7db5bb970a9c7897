import { describe, expect } from 'vitest';
import { routeDeadLetter } from '../../../lib/pipeline/manual/redrive.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/ports/outgoing-rules.ts';
import type { DispatchReader } from '../../../lib/ports/dispatch-reader.ts';
import type { Queues } from '../../../lib/ports/queues.ts';
import { test } from '../../support/pipeline-test.ts';
import { Process, TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;

/** A process whose reader fails whenever it is asked for this event. */
function processThatCannotRead(world: World, eventId: string): Process {
  const { reader } = world.ports;
  const read: DispatchReader['read'] = async (keys, log) => {
    if (keys.some((key) => key.eventId === eventId)) throw new TypeError('not a key');
    return reader.read(keys, log);
  };
  return new Process({ ...world.ports, reader: { read } }, world.process().life, world.settings);
}

describe('a message that can’t be read', () => {
  test('because the store fails on it keeps none of the nine others of its batch waiting', async ({ world, post }) => {
    const { url } = await world.endpointAnswering(200);
    const events: string[] = [];
    for (let n = 0; n < 10; n += 1) events.push(await post());
    const process = processThatCannotRead(world, events[4] as string);
    const messages = await world.store.queues.receive('deliveries', 10);
    const kept = await process.handle('deliveries', messages);
    expect(world.customers.at(url)).toHaveLength(9);
    expect(kept).toHaveLength(1);
    expect(world.log.named('dispatch.read')).toHaveLength(1);

    // It was hidden, and is delivered when the store can read it again.
    await world.run(world.process(), 5 * MINUTE);
    expect(world.customers.at(url)).toHaveLength(10);
  });

  test('keeps none of the others waiting while the queue does not answer that it is hidden or poisoned', async ({
    world,
    post,
  }) => {
    const { url } = await world.endpointAnswering(200);
    const unread = await post();
    const events = [await post(), await post()];
    await world.store.queues.send('deliveries', [
      { body: 'garbage', group: TENANT },
      { body: '{"v":2}', group: TENANT },
    ]);
    const messages = await world.store.queues.receive('deliveries', 10);
    const { ports, life } = processThatCannotRead(world, unread);
    const answered = Promise.withResolvers<void>();
    const queues: Pick<Queues, 'hide' | 'send'> = {
      hide: (...call) => answered.promise.then(() => ports.queues.hide(...call)),
      send: (...call) => answered.promise.then(() => ports.queues.send(...call)),
    };
    const process = new Process({ ...ports, queues: queues as Queues }, life, world.settings);
    const kept = process.handle('deliveries', messages);
    await expect.poll(() => world.customers.at(url)).toHaveLength(events.length);
    answered.resolve();
    expect(await kept).toHaveLength(2);
    expect(world.count('poison')).toBe(1);
  });

  test('because no key can be made of it is poisoned, and the nine others go on', async ({ world, process, post }) => {
    const { url, id } = await world.endpointAnswering(200);
    const event = await post();
    for (let n = 0; n < 8; n += 1) await post();
    const fields = { v: 1, tenant: TENANT, endpoint: id, event, ordinal: 0, epoch: 0 };
    for (const wrong of [{ ordinal: 1_000_000 }, { tenant: 'x'.repeat(3000) }])
      await world.store.queues.send('deliveries', [{ body: JSON.stringify({ ...fields, ...wrong }), group: TENANT }]);
    await world.drain(process);
    expect(world.customers.at(url)).toHaveLength(9);
    expect(world.count('poison')).toBe(2);
    expect(world.count('deliveries')).toBe(0);
  });

  test('because it is garbage of 1 MiB reaches poison: its head, its size and its hash', async ({ world, process }) => {
    const body = '"\\'.repeat(MAX_MESSAGE_BYTES / 2);
    await world.store.queues.send('deliveries', [{ body, group: TENANT }]);
    await world.drain(process);
    expect(world.count('deliveries')).toBe(0);
    const [poison] = await world.store.queues.receive('poison', 10);
    expect(JSON.parse(poison?.body ?? '')).toMatchObject({
      from: 'deliveries',
      body: body.slice(0, 4096),
      cut: { bytes: MAX_MESSAGE_BYTES, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(routeDeadLetter('poison', poison?.body ?? '')).toEqual({
      why: `only the head of its ${MAX_MESSAGE_BYTES} bytes was kept`,
    });
  });
});
