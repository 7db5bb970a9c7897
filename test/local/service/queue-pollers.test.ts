import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { Database } from '../../../lib/adapters/sqlite/database/database.ts';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { pollersOf } from '../../../lib/local/service/queue-pollers.ts';
import { systemTimer } from '../../../lib/local/service/timer.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { patchDisk } from '../../support/patched-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A poller of jobs, and a disk whose first synchronization ends when the test says so. */
function pollJobs({ taken, clock = systemClock }: { taken?: 'unsafe too'; clock?: Clock } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-pollers-'));
  const path = join(folder, 'store');
  const { queues, close } = openSqliteStore({ path, clock });
  const worked: string[] = [];
  const deadlines: number[] = [];
  const poll = pollersOf({ clock, log: new MemoryLog() }, queues, systemTimer, taken);
  const poller = poll(
    async ({ messages, deadline }) => {
      worked.push(...messages.map(({ body }) => body));
      deadlines.push(deadline);
      return [];
    },
    'jobs',
    1,
  );
  const first = Promise.withResolvers<void>();
  let synchronizations = 0;
  patchDisk({
    apart(synchronize, done) {
      synchronizations += 1;
      if (synchronizations === 1) first.promise.then(() => synchronize(done), done);
      else synchronize(done);
    },
  });
  onTestFinished(async () => {
    await poller.stop();
    close();
    rmSync(folder, { recursive: true });
  });
  return {
    path,
    queues,
    worked,
    deadlines,
    begun: () => synchronizations,
    endFirst: first.resolve,
    failFirst: first.reject,
  };
}

const job = [{ body: 'a job', group: 'tenant' }];

test('a message is worked once the disk has it', async () => {
  const { queues, worked, begun, endFirst } = pollJobs();
  const sent = queues.send('jobs', job);
  await vi.waitFor(() => expect(begun()).toBe(1));
  await new Promise(setImmediate);
  expect(worked).toEqual([]);
  endFirst();
  await sent;
  await vi.waitFor(() => expect(worked).toEqual(['a job']));
});

test('a message is worked before that where the work itself waits for the disk', async () => {
  const { queues, worked, begun, endFirst } = pollJobs({ taken: 'unsafe too' });
  const sent = queues.send('jobs', job);
  await vi.waitFor(() => expect(worked).toEqual(['a job']));
  expect(begun()).toBe(1);
  endFirst();
  await sent;
});

test('the time that the disk takes for a message is part of the time in which it is worked', async () => {
  const clock = new VirtualClock();
  const { queues, deadlines, begun, endFirst } = pollJobs({ clock });
  const receivedAt = clock.now();
  const sent = queues.send('jobs', job);
  await vi.waitFor(() => expect(begun()).toBe(1));
  await clock.advance(50_000);
  endFirst();
  await sent;
  await vi.waitFor(() => expect(deadlines).toEqual([receivedAt + 60_000]));
});

test('a message that the disk may have lost is not worked', async () => {
  const { path, queues, worked, begun, failFirst } = pollJobs();
  const reader = Database.join(path);
  onTestFinished(() => reader.close());
  // As long as somebody reads the store as it was, its log can't be written into the file.
  reader.execute('BEGIN');
  reader.prepare('SELECT * FROM messages').all();
  const sent = queues.send('jobs', job);
  await vi.waitFor(() => expect(begun()).toBe(1));
  failFirst(new Error('EIO'));
  await expect(sent).rejects.toThrow('The disk of the store failed');
  await new Promise(setImmediate);
  expect(worked).toEqual([]);
});
