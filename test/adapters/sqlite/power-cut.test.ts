import fs, { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function openOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-power-cut-'));
  const path = join(folder, 'store');
  const clock = new VirtualClock();
  const store = openSqliteStore({ path, clock });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return { path, clock, store };
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
  const { fdatasync, fdatasyncSync } = fs;
  const count = { inThread: 0, apart: 0 };
  fs.fdatasyncSync = (descriptor) => {
    count.inThread += 1;
    fdatasyncSync(descriptor);
    copy();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLOW_MS);
  };
  fs.fdatasync = Object.assign(
    (descriptor: number, done: fs.NoParamCallback) => {
      count.apart += 1;
      fdatasync(descriptor, (error) => {
        copy();
        setTimeout(() => done(error), SLOW_MS);
      });
    },
    { __promisify__: fdatasync.__promisify__ },
  );
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { fdatasync, fdatasyncSync });
    syncBuiltinESMExports();
  });
  return { path: join(folder, 'store'), count };
}

describe('a power cut', () => {
  test('takes nothing that was answered, whether the thread waited for the disk or not', async () => {
    const { path, clock, store } = openOnDisk();
    const { path: leftBy, count } = keepSynchronized(path);
    const answered: string[] = [];
    const put = async (hash: string) => {
      await store.apiKeys.put({ hash, id: 'key_1', scopes: [], createdAt: 1 });
      const left = openSqliteStore({ path: leftBy, clock });
      const found = left.apiKeys.find(hash);
      left.close();
      expect(await found).toMatchObject({ hash });
      answered.push(hash);
    };
    for (let n = 0; n < 20; n += 1)
      await Promise.all([put(`${n}-a`), put(`${n}-b`), sleep(1).then(() => put(`${n}-while-the-disk-is-busy`))]);
    expect(answered).toHaveLength(60);
    expect(count.inThread).toBeGreaterThan(0);
    expect(count.apart).toBeGreaterThan(10);
  });

  test('takes nothing that was answered when the disk failed to synchronize it, and all could be written again', async () => {
    const { path, clock, store } = openOnDisk();
    const { fdatasyncSync } = fs;
    onTestFinished(() => {
      Object.assign(fs, { fdatasyncSync });
      syncBuiltinESMExports();
    });
    fs.fdatasyncSync = () => {
      throw new Error('EIO: i/o error, fdatasync');
    };
    syncBuiltinESMExports();
    await store.apiKeys.put({ hash: 'h', id: 'key_1', scopes: [], createdAt: 1 });
    // The log is what the disk may have dropped.
    copyFileSync(path, `${path}-alone`);
    const left = openSqliteStore({ path: `${path}-alone`, clock });
    expect(await left.apiKeys.find('h')).toMatchObject({ hash: 'h' });
    left.close();
  });
});
