import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../lib/adapters/sqlite/database/database.ts';
import { newSharedStore, sharingOf } from '../../../lib/adapters/sqlite/sharing.ts';
import { type SqliteStore, openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { patchDisk, stand } from '../../support/patched-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A store as a service opens it, and beside it one as a delivery thread does. */
function openOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-power-cut-'));
  const path = join(folder, 'store');
  const clock = new VirtualClock();
  const shared = newSharedStore();
  const open = (thread: number) => openSqliteStore({ path, clock, sharing: sharingOf(shared, thread) });
  const stores = [open(1), open(2)] as const;
  onTestFinished(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true });
  });
  return { path, clock, store: stores[0], other: stores[1] };
}

/** More than a store waits for in its thread. */
const SLOW_MS = 5;

/** What a power cut leaves of a store on a slow disk: its files as they were at their last synchronization. */
function keepSynchronized(path: string) {
  const folder = `${path}-after-a-cut`;
  mkdirSync(folder);
  const copy = () => {
    for (const name of ['', '-wal']) copyFileSync(`${path}${name}`, join(folder, `store${name}`));
  };
  const count = { inThread: 0, apart: 0 };
  patchDisk({
    inThread(synchronize) {
      count.inThread += 1;
      synchronize();
      copy();
      stand(SLOW_MS);
    },
    apart(synchronize, done) {
      count.apart += 1;
      synchronize((error) => {
        copy();
        setTimeout(() => done(error), SLOW_MS);
      });
    },
  });
  return { path: join(folder, 'store'), count };
}

/** Puts keys, and looks for each in what a power cut would leave as soon as the put is answered. */
function puttingKeys(leftBy: string, clock: VirtualClock) {
  const answered: string[] = [];
  const put = async (store: SqliteStore, hash: string) => {
    await store.apiKeys.put({ hash, id: 'key_1', scopes: [], createdAt: 1 });
    const left = openSqliteStore({ path: leftBy, clock });
    const found = left.apiKeys.find(hash);
    left.close();
    expect(await found).toMatchObject({ hash });
    answered.push(hash);
  };
  return { answered, put };
}

describe('a power cut', () => {
  // Nobody but SQLite can do that in time: the log before it goes into the file, the file before the log begins anew.
  test.each([
    ['of the service', (path: string) => new Database(path)],
    ['of a thread', (path: string) => Database.join(path)],
  ])('leaves a file that is whole: the connection %s synchronizes what it moves from the log into it', (_, open) => {
    const { path } = openOnDisk();
    const database = open(path);
    onTestFinished(() => database.close());
    const [NORMAL, FULL] = [1, 2];
    expect([NORMAL, FULL]).toContain(database.prepare('PRAGMA synchronous').get()?.synchronous);
  });

  test('takes nothing that was answered, whether the thread waited for the disk or not', async () => {
    const { path, clock, store } = openOnDisk();
    const { path: leftBy, count } = keepSynchronized(path);
    const { answered, put } = puttingKeys(leftBy, clock);
    const busy = (n: number) => sleep(1).then(() => put(store, `${n}-while-the-disk-is-busy`));
    for (let n = 0; n < 20; n += 1) await Promise.all([put(store, `${n}-a`), put(store, `${n}-b`), busy(n)]);
    expect(answered).toHaveLength(60);
    expect(count.inThread).toBeGreaterThan(0);
    expect(count.apart).toBeGreaterThan(10);
  });

  test('takes nothing that either of two connections answered, each of which has its own disk turns', async () => {
    const { path, clock, store, other } = openOnDisk();
    const { path: leftBy, count } = keepSynchronized(path);
    const { answered, put } = puttingKeys(leftBy, clock);
    const inTurn = (n: number) => sleep(1).then(() => put(n % 2 === 0 ? store : other, `${n}-a-moment-later`));
    for (let n = 0; n < 20; n += 1) await Promise.all([put(store, `${n}-one`), put(other, `${n}-other`), inTurn(n)]);
    expect(answered).toHaveLength(60);
    expect(count.apart).toBeGreaterThan(20);
  });

  test('takes no message that another connection has received, and nothing that it was sent for', async () => {
    const { path, clock, store, other } = openOnDisk();
    const { path: leftBy, count } = keepSynchronized(path);
    // From here on, neither waits for the disk in the thread: the other one sees the message before the disk has it.
    for (const connection of [store, other]) await connection.queues.send('jobs', [{ body: 'a job', group: 'acme' }]);
    count.apart = 0;
    void store.queues.send('deliveries', [{ body: 'a delivery', group: 'acme' }]);
    await new Promise(setImmediate);
    expect(count).toMatchObject({ apart: 1 });
    const [message] = await other.queues.receive('deliveries', 1);
    expect(message).toMatchObject({ body: 'a delivery', receiveCount: 1 });
    const left = openSqliteStore({ path: leftBy, clock });
    expect(left.queues.count('deliveries')).toMatchObject({ visible: 0, inFlight: 1 });
    left.close();
  });

  test('takes nothing that was answered when the disk failed to synchronize it, and all could be written again', async () => {
    const { path, clock, store, other } = openOnDisk();
    patchDisk({
      inThread() {
        throw new Error('EIO: i/o error, fdatasync');
      },
    });
    for (const [connection, hash] of [[store, 'h'] as const, [other, 'of the other'] as const]) {
      await connection.apiKeys.put({ hash, id: 'key_1', scopes: [], createdAt: 1 });
      // The log is what the disk may have dropped.
      copyFileSync(path, `${path}-alone`);
      const left = openSqliteStore({ path: `${path}-alone`, clock });
      expect(await left.apiKeys.find(hash)).toMatchObject({ hash });
      left.close();
      for (const end of ['', '-wal', '-shm']) rmSync(`${path}-alone${end}`, { force: true });
    }
  });
});
