import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Taker } from '../../../../lib/adapters/sqlite/queue/handover.ts';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { SqliteQueues } from '../../../../lib/adapters/sqlite/queue/queues.ts';
import { type SqliteStore, openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import type { ReceivedMessage } from '../../../../lib/ports/queues.ts';
import { patchDisk } from '../../../support/patched-disk.ts';
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
  return { path: join(folder, 'store'), clock, reopen, make: new RecordMaker(clock) };
}

/** A disk that synchronizes when the test says so, or fails. */
function holdDisk() {
  const waiting: ((error?: Error) => void)[] = [];
  patchDisk({
    apart: (synchronize, done) => waiting.push((error) => (error ? done(error) : synchronize(done))),
    inThread: () => expect.unreachable('this thread has something to do'),
  });
  return { waiting, end: (error?: Error) => waiting.shift()?.(error) };
}

/** Reads the store as it is now for as long as the test runs, so that its log can't be written into the file. */
function keepOldMoment(path: string): void {
  const reader = Database.join(path);
  reader.execute('BEGIN');
  reader.prepare('SELECT * FROM messages').all();
  onTestFinished(() => reader.close());
}

/** Whether a promise has settled by now, and how. */
function watched(promise: Promise<unknown> | undefined) {
  const seen = { outcome: 'pending' };
  promise?.then(
    () => (seen.outcome = 'fulfilled'),
    (error: Error) => (seen.outcome = error.name),
  );
  return seen;
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

  test('is taken before the disk has it, and says when it has', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(1);
    queues.handTo('deliveries', places);
    const disk = holdDisk();
    const sent = watched(queues.send('deliveries', messages('early')));
    await vi.waitFor(() => expect(places.taken).toMatchObject([{ body: 'early' }]));
    const safe = watched(places.taken[0]?.safe);
    await new Promise(setImmediate);
    expect([safe, sent]).toEqual([{ outcome: 'pending' }, { outcome: 'pending' }]);
    disk.end();
    await vi.waitFor(() => expect([safe, sent]).toEqual([{ outcome: 'fulfilled' }, { outcome: 'fulfilled' }]));
    expect(places.taken).toHaveLength(1);
  });

  test('is taken before the disk has it, as are the others of its commit', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    const places = new Places(4);
    queues.handTo('deliveries', places);
    const disk = holdDisk();
    const sent = ['a', 'b'].map((name) => queues.send('deliveries', messages(`${name} 1`, `${name} 2`)));
    await vi.waitFor(() => expect(places.taken.map(({ body }) => body)).toEqual(['a 1', 'a 2', 'b 1', 'b 2']));
    disk.end();
    await Promise.all(sent);
    expect(places.taken).toHaveLength(4);
  });

  test.for(['says so', 'troubles nobody who does not ask'])(
    '%s when the disk may have lost it, and keeps its place, which its taker leaves',
    async (what) => {
      const { path, reopen } = openOnDisk();
      const { queues } = reopen();
      const places = new Places(1);
      queues.handTo('deliveries', places);
      keepOldMoment(path);
      const disk = holdDisk();
      const sent = watched(queues.send('deliveries', messages('perhaps lost')));
      await vi.waitFor(() => expect(places.taken).toHaveLength(1));
      const safe = what === 'says so' ? watched(places.taken[0]?.safe) : undefined;
      disk.end(new Error('EIO'));
      // It is written once more first, and waits for a second for who reads an old moment.
      await vi.waitFor(() => expect(sent).toEqual({ outcome: 'ServiceFault' }), { timeout: 10_000 });
      expect(safe?.outcome ?? 'ServiceFault').toBe('ServiceFault');
      expect(places).toMatchObject({ free: 0, taken: { length: 1 } });
    },
  );

  test('is not handed over when its write fails, and another of the same commit is', async () => {
    const { path, clock } = openOnDisk();
    const database = new Database(path);
    onTestFinished(() => database.close());
    const commits = new GroupCommit(database);
    const queues = new SqliteQueues(database, commits, clock);
    const places = new Places(2);
    queues.handTo('deliveries', places);
    const failing = queues.sendBy('deliveries', messages('undone'), (insertAll, early) =>
      commits.writeTogether(() => {
        insertAll();
        throw new Error('a rule of the caller');
      }, early),
    );
    const sent = queues.send('deliveries', messages('sent'));
    await expect(failing).rejects.toThrow('a rule of the caller');
    await sent;
    expect(places).toMatchObject({ taken: [{ body: 'sent' }], free: 1 });
    expect(queues.count('deliveries')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  test('is what another thread synchronizes the disk for: without a taker nobody has other work', async () => {
    const { reopen } = openOnDisk();
    const { queues } = reopen();
    queues.handTo('deliveries', new Places(1));
    const synchronized: string[] = [];
    patchDisk({
      inThread: () => synchronized.push('in this thread'),
      apart(_, done) {
        synchronized.push('apart');
        done(null);
      },
    });
    for (const body of ['a', 'b']) await queues.send('deliveries', messages(body));
    expect(synchronized).toEqual(['apart', 'in this thread']);
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
