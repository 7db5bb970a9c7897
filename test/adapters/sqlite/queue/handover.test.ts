import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Taker } from '../../../../lib/adapters/sqlite/queue/handover.ts';
import { type SqliteStore, openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import type { ReceivedMessage } from '../../../../lib/ports/queues.ts';
import { RecordMaker } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** A consumer with so many places. */
class Places implements Taker {
  readonly taken: ReceivedMessage[] = [];
  free: number;

  constructor(free: number) {
    this.free = free;
  }

  reserve(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  take(message: ReceivedMessage): void {
    this.taken.push(message);
  }

  release(): void {
    this.free += 1;
  }
}

function openOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-handover-'));
  const clock = new VirtualClock();
  let store: SqliteStore | undefined;
  const reopen = () => {
    store?.close();
    store = openSqliteStore({ path: join(folder, 'store'), clock });
    return store;
  };
  onTestFinished(() => {
    store?.close();
    rmSync(folder, { recursive: true });
  });
  return { clock, reopen, make: new RecordMaker(clock) };
}

const messages = (...bodies: string[]) => bodies.map((body) => ({ body, group: 'tenant' }));

describe('a message that has a taker', () => {
  test('is received by the write that sends it, and the rest of a sending lies ready', async () => {
    const { reopen, clock } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(2);
    const noticed: number[] = [];
    queues.handTo('deliveries', places);
    queues.onReady('deliveries', () => noticed.push(queues.count('deliveries').visible));
    await queues.send('deliveries', messages('a', 'b'));
    expect(places.taken).toMatchObject([
      { body: 'a', group: 'tenant', receiveCount: 1, sentAt: clock.now() },
      { body: 'b', group: 'tenant', receiveCount: 1, sentAt: clock.now() },
    ]);
    expect(queues.count('deliveries')).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
    // Nobody has to look.
    expect(noticed).toEqual([]);
    places.free = 1;
    await queues.send('deliveries', messages('c', 'd'));
    expect(places.taken.map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    expect(noticed).toEqual([1]);
  });

  test('is like any other that was received: it is deleted, hidden, and comes back', async () => {
    const { reopen, clock } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(3);
    queues.handTo('deliveries', places);
    await queues.send('deliveries', messages('deleted', 'hidden', 'forgotten'));
    const [deleted, hidden] = places.taken as [ReceivedMessage, ReceivedMessage];
    await queues.delete('deliveries', [deleted]);
    await queues.hide('deliveries', hidden, 10);
    await clock.advance(10_000);
    expect(await queues.receive('deliveries', 10)).toMatchObject([{ body: 'hidden', receiveCount: 2 }]);
    await clock.advance(110_000);
    expect(await queues.receive('deliveries', 10)).toMatchObject([{ body: 'forgotten', receiveCount: 2 }]);
  });

  test('is received again after a crash', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    queues.handTo('deliveries', new Places(1));
    await queues.send('deliveries', messages('in flight'));
    const { queues: again } = reopen();
    expect(await again.recoverInFlight()).toBe(1);
    expect(await again.receive('deliveries', 10)).toMatchObject([{ body: 'in flight', receiveCount: 2 }]);
  });

  test('is not handed over before its delay has passed', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(1);
    queues.handTo('deliveries', places);
    await queues.send('deliveries', [{ body: 'late', group: 'tenant', delaySeconds: 5 }]);
    expect(places).toMatchObject({ taken: [], free: 1 });
  });

  test('is not handed over when its write fails, and the place is free again', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(1);
    queues.handTo('deliveries', places);
    const failing = queues.sendBy('deliveries', messages('lost'), async (insertAll) => {
      insertAll();
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(places).toMatchObject({ taken: [], free: 1 });
  });
});

describe('an event that is put with its messages', () => {
  test('is there with them, and a second one of its id sends nothing', async () => {
    const { reopen, make } = openOnDisk();
    const { events, queues } = reopen();
    const event = make.event();
    expect(await events.putWithMessages(event, messages('a', 'b'))).toBe(true);
    expect(await events.get(event.tenantId, event.id)).toEqual(event);
    expect(queues.count('deliveries').visible).toBe(2);
    expect(await events.putWithMessages({ ...event, data: '"other"' }, messages('c'))).toBe(false);
    expect(await events.get(event.tenantId, event.id)).toEqual(event);
    expect(queues.count('deliveries').visible).toBe(2);
  });

  test('is not there without them', async () => {
    const { reopen, make } = openOnDisk();
    const { events, queues } = reopen();
    const event = make.event();
    const broken = [...messages('a'), { body: 'b', group: undefined as unknown as string }];
    await expect(events.putWithMessages(event, broken)).rejects.toThrow();
    expect(await events.get(event.tenantId, event.id)).toBeUndefined();
    expect(queues.count('deliveries').visible).toBe(0);
  });
});
