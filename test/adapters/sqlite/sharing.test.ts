import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newSharedStore, receiptsOf, sharingOf } from '../../../lib/adapters/sqlite/sharing.ts';
import { type SqliteStore, openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import type { QueueName, ReceivedMessage } from '../../../lib/ports/queues.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Connections to one file, as threads of one process have them. */
function openShared() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-sharing-'));
  const clock = new VirtualClock();
  const shared = newSharedStore();
  const stores: SqliteStore[] = [];
  onTestFinished(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true });
  });
  const open = (thread: number) => {
    const store = openSqliteStore({ path: join(folder, 'store'), clock, sharing: sharingOf(shared, thread) });
    stores.push(store);
    return store.queues;
  };
  return { clock, shared, main: open(1), open };
}

const messages = (group: string, count: number) => Array.from({ length: count }, (_, n) => ({ body: `${n}`, group }));
const groupsOf = (received: readonly ReceivedMessage[]) => received.map(({ group }) => group);
const bodiesOf = (received: readonly ReceivedMessage[]) => received.map(({ body }) => body);

describe('the receipts of a thread', () => {
  test('tell what a thread that died had received: that comes back, and what others have stays theirs', async () => {
    const { clock, main, open } = openShared();
    const [second, twelfth, twentyFirst] = [open(2), open(12), open(21)];
    await main.send('deliveries', messages('acme', 8));
    const [ofMain, ofSecond, ofTwelfth, ofTwentyFirst] = [
      await main.receive('deliveries', 2),
      await second.receive('deliveries', 2),
      await twelfth.receive('deliveries', 2),
      await twentyFirst.receive('deliveries', 2),
    ];
    expect(await main.recoverOf(receiptsOf(2))).toBe(2);
    await clock.advance(1000);
    expect(bodiesOf(await main.receive('deliveries', 10)).toSorted()).toEqual(bodiesOf(ofSecond).toSorted());
    await main.delete('deliveries', ofMain);
    await twelfth.delete('deliveries', ofTwelfth);
    await twentyFirst.delete('deliveries', ofTwentyFirst);
    await second.delete('deliveries', ofSecond);
    // What it had received has another receipt now, so its last word is not heard.
    expect(main.count('deliveries')).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
  });

  test('are on what a thread takes as it is sent, too', async () => {
    const { clock, main, open } = openShared();
    const second = open(2);
    const taken: ReceivedMessage[] = [];
    second.handTo('retries', {
      reserve: () => true,
      take: (message) => void taken.push(message),
      release: () => undefined,
    });
    await second.send('retries', messages('acme', 1));
    expect(taken).toHaveLength(1);
    expect(await main.recoverOf(receiptsOf(2))).toBe(1);
    await clock.advance(1000);
    expect(await main.receive('retries', 1)).toMatchObject([{ body: '0', receiveCount: 2 }]);
  });

  test('leave alone what a thread that died had hidden until it is due', async () => {
    const { clock, main, open } = openShared();
    const second = open(2);
    await main.send('retries', messages('acme', 1));
    const [message] = (await second.receive('retries', 1)) as [ReceivedMessage];
    await second.hide('retries', message, 3600);
    expect(await main.recoverOf(receiptsOf(2))).toBe(0);
    await clock.advance(3600_000 - 1);
    expect(await main.receive('retries', 1)).toEqual([]);
    await clock.advance(1);
    expect(await main.receive('retries', 1)).toHaveLength(1);
  });

  test('a message of threads that die comes back later each time, after a quarter of an hour at most', async () => {
    const { clock, main, open } = openShared();
    await main.send('deliveries', messages('acme', 1));
    const waits: number[] = [];
    for (let thread = 2; thread < 16; thread += 1) {
      expect(await open(thread).receive('deliveries', 1)).toHaveLength(1);
      await main.recoverOf(receiptsOf(thread));
      const wait = (main.nextVisibleAt('deliveries') as number) - clock.now();
      waits.push(wait / 1000);
      await clock.advance(wait);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
  });
});

describe('two connections that receive from one queue', () => {
  test('never get the same message', async () => {
    const { main, open } = openShared();
    const [second, third] = [open(2), open(3)];
    await main.send('deliveries', messages('acme', 300));
    const rounds = await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? second : third).receive('deliveries', 10)),
    );
    expect(new Set(bodiesOf(rounds.flat())).size).toBe(300);
    expect(rounds.flat()).toHaveLength(300);
  });

  test.each<[string, QueueName]>([
    ['posted', 'deliveries'],
    ['repeated', 'retries'],
  ])(
    'what is %s by one tenant after a backlog of another was received elsewhere starts beside it',
    async (_, queue) => {
      const { main, open } = openShared();
      const [second, third] = [open(2), open(3)];
      await main.send(queue, messages('flood', 900));
      for (let round = 0; round < 4; round += 1) await second.receive(queue, 100);
      // At turn 0, a new tenant would have as much before the others as they have had already.
      await main.send(queue, messages('quiet', 100));
      const next = groupsOf(await third.receive(queue, 100));
      expect(next.filter((group) => group === 'quiet').length).toBeGreaterThanOrEqual(49);
      expect(next.filter((group) => group === 'flood').length).toBeGreaterThanOrEqual(49);
    },
  );

  test('a connection that comes later goes on with the time of the queue as it is', async () => {
    const { main, open } = openShared();
    await main.send('deliveries', messages('flood', 500));
    for (let round = 0; round < 4; round += 1) await main.receive('deliveries', 100);
    const late = open(2);
    await late.send('deliveries', messages('quiet', 50));
    const next = groupsOf(await late.receive('deliveries', 50));
    expect(next.filter((group) => group === 'flood').length).toBeGreaterThanOrEqual(24);
  });

  test('the time of one queue is not that of another', async () => {
    const { main, shared } = openShared();
    await main.send('deliveries', messages('acme', 50));
    await main.receive('deliveries', 50);
    const { virtualTime } = sharingOf(shared, 2);
    expect(virtualTime('deliveries').now).toBe(49);
    expect(virtualTime('retries').now).toBe(0);
  });
});
