import { describe, expect } from 'vitest';
import { newId } from '../../../lib/domain/ids.ts';
import type { LogView, Snapshot } from '../../../lib/ports/dispatch-reader.ts';
import { test } from '../../support/pipeline-test.ts';
import type { World } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Read {
  log: LogView;
  events: string[];
}

/** From now on an eventually consistent read answers what the replica shows. Returns the list of reads, which grows. */
function lag(
  world: World,
  shown: (snapshot: Snapshot) => Partial<Snapshot>,
  before?: (read: Read) => Promise<void>,
): Read[] {
  const reads: Read[] = [];
  const { reader } = world.ports;
  world.ports.reader = {
    async read(keys, log) {
      const read = { log, events: keys.map(({ eventId }) => eventId) };
      reads.push(read);
      await before?.(read);
      const snapshots = await reader.read(keys, log);
      return log === 'consistent' ? snapshots : snapshots.map((snapshot) => ({ ...snapshot, ...shown(snapshot) }));
    },
  };
  return reads;
}

describe('an event that a first attempt does not find', () => {
  test('is read once more, alone and consistently, and nothing is lost', async ({ world, post }) => {
    const endpoint = await world.endpointAnswering(200);
    const [found, hidden] = [await post(), await post()];
    const reads = lag(world, ({ event }) => (event?.id === hidden ? { event: undefined } : {}));
    await world.drain(world.process());
    expect(reads).toEqual([
      { log: 'eventual', events: [found, hidden] },
      { log: 'consistent', events: [hidden] },
    ]);
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
    for (const event of [found, hidden]) {
      expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
    }
    expect(world.count('deliveries')).toBe(0);
    expect(world.log.named('dispatch.missing')).toHaveLength(0);
  });

  test('is reported missing only when a consistent read does not find it either', async ({ world, sendMessage }) => {
    const endpoint = await world.endpointAnswering(200);
    const reads = lag(world, () => ({}));
    await sendMessage('deliveries', newId('evt', { now: () => world.clock.now(), fraction: () => 0.5 }), endpoint, 0);
    await world.drain(world.process());
    expect(reads.map(({ log }) => log)).toEqual(['eventual', 'consistent']);
    expect(world.log.named('dispatch.missing')).toHaveLength(1);
    expect(world.count('deliveries')).toBe(1);
  });

  test('does not make the reading of its endpoint any younger: no request starts on a reading older than 1 s', async ({
    world,
    post,
  }) => {
    const { url } = await world.endpointAnswering(200);
    await post();
    const reads = lag(
      world,
      () => ({ event: undefined }),
      async () => {
        // The first two reads are slow; the third is used at once.
        if (reads.length <= 2) await world.clock.advance(1.5 * SECOND);
      },
    );
    await world.drain(world.process());
    expect(reads.map(({ log }) => log)).toEqual(['eventual', 'consistent', 'consistent']);
    expect(world.customers.at(url)).toHaveLength(1);
  });
});

describe('a record that a duplicate of the first message does not find', () => {
  test('counts its failed attempt once: the duplicate is dropped and the schedule is kept', async ({
    world,
    post,
    sendMessage,
  }) => {
    const endpoint = await world.endpointAnswering([500, 500, 200], { retry: { delays: [60, 60] } });
    const event = await post();
    await world.drain(world.process());
    const recorded = await world.delivery(event, endpoint.id);
    expect(recorded).toMatchObject({ status: 'retrying', attempts: { length: 1 } });

    const reads = lag(world, () => ({ record: undefined }));
    await sendMessage('deliveries', event, endpoint, 0);
    await world.drain(world.process());
    // The second request is sent; everything after it is decided on a consistent reading.
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
    expect(reads.map(({ log }) => log)).toEqual(['eventual', 'consistent']);
    expect(await world.delivery(event, endpoint.id)).toEqual(recorded);
    expect(world.count('deliveries')).toBe(0);

    await world.run(world.process(), 5 * MINUTE);
    expect(world.customers.at(endpoint.url)).toHaveLength(3);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 2 } });
  });

  test('counts its success once', async ({ world, post, sendMessage }) => {
    const endpoint = await world.endpointAnswering(200);
    const event = await post();
    await world.drain(world.process());
    lag(world, () => ({ record: undefined }));
    await sendMessage('deliveries', event, endpoint, 0);
    await world.drain(world.process());
    expect(world.customers.at(endpoint.url)).toHaveLength(2);
    expect(await world.delivery(event, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 1 } });
    expect(world.count('deliveries')).toBe(0);
  });

  test.for(['paused', 'revoked'] as const)(
    'makes no request to an endpoint that is %s, and changes nothing',
    async (status, { world, post, sendMessage }) => {
      const endpoint = await world.endpointAnswering(500, { retry: { delays: [60] } });
      const event = await post();
      await world.drain(world.process());
      const recorded = await world.delivery(event, endpoint.id);
      await world.store.endpoints.replaceIfGeneration({ ...endpoint, status, generation: 2 }, 1);
      const reads = lag(world, () => ({ record: undefined }));
      await sendMessage('deliveries', event, endpoint, 0);
      await world.drain(world.process());
      expect(world.customers.at(endpoint.url)).toHaveLength(1);
      expect(reads.map(({ log }) => log)).toEqual(['eventual', 'consistent']);
      const now = await world.delivery(event, endpoint.id);
      if (status === 'paused') expect(now).toEqual(recorded);
      else expect(now).toMatchObject({ status: 'abandoned', attempts: { length: 1 } });
    },
  );
});

test('messages of retries are read consistently', async ({ world, post }) => {
  const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [1] } });
  const event = await post();
  const reads = lag(world, () => ({}));
  await world.run(world.process(), MINUTE);
  expect(reads.map(({ log }) => log)).toEqual(['eventual', 'consistent']);
  expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
});

describe('a batch that is too old to be sent when its secrets are open at last', () => {
  test('is read again a few messages at a time, so that on a slow machine each is sent while it is fresh', async ({
    world,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200);
    const events: string[] = [];
    for (let n = 0; n < 10; n += 1) events.push(await post());
    /** One thing after the other, as a processor does. */
    let processor = Promise.resolve();
    const work = () => (processor = processor.then(() => world.clock.advance(60)));
    const reads = lag(world, () => ({}), work);
    const { secrets } = world.ports;
    let unwrapped: Promise<void> | undefined;
    world.ports.secrets = {
      ...secrets,
      async open(...sealed) {
        await (unwrapped ??= world.clock.advance(1.5 * SECOND));
        await work();
        return secrets.open(...sealed);
      },
    };
    await world.drain(world.process());
    expect(world.customers.at(endpoint.url)).toHaveLength(events.length);
    const again = reads.filter(({ log }) => log === 'consistent').flatMap((read) => read.events);
    expect(again.toSorted()).toEqual(events.toSorted());
  });
});
