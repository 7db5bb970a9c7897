import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { pollersOf } from '../../../lib/local/service/delivery-pollers.ts';
import { systemTimer } from '../../../lib/local/service/timer.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { patchDisk } from '../../support/patched-disk.ts';

/** A poller of jobs, and a disk whose first synchronization ends when the test says so. */
function pollJobs(taken?: 'unsafe too') {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-pollers-'));
  const { queues, close } = openSqliteStore({ path: join(folder, 'store'), clock: systemClock });
  const worked: string[] = [];
  const poll = pollersOf({ clock: systemClock, log: new MemoryLog() }, queues, systemTimer, taken);
  const poller = poll(
    async ({ messages }) => {
      worked.push(...messages.map(({ body }) => body));
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
      if (synchronizations === 1) void first.promise.then(() => synchronize(done));
      else synchronize(done);
    },
  });
  onTestFinished(async () => {
    await poller.stop();
    close();
    rmSync(folder, { recursive: true });
  });
  return { queues, worked, begun: () => synchronizations, endFirst: first.resolve };
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
  const { queues, worked, begun, endFirst } = pollJobs('unsafe too');
  const sent = queues.send('jobs', job);
  await vi.waitFor(() => expect(worked).toEqual(['a job']));
  expect(begun()).toBe(1);
  endFirst();
  await sent;
});
