import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newSharedStore, sharingOf } from '../../../lib/adapters/sqlite/sharing.ts';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';

test('a thread that is told of a message finds it, whatever it has read in the same turn', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-news-'));
  const shared = newSharedStore();
  const open = (thread: number) =>
    openSqliteStore({ path: join(folder, 'x.db'), clock: systemClock, sharing: sharingOf(shared, thread) });
  const told = open(1);
  const sending = open(2);
  const found: (number | undefined)[] = [];
  told.queues.onReady('slow', () => found.push(told.queues.nextVisibleAt('slow')));

  for (let read = 1; read <= 3; read += 1) expect(told.queues.nextVisibleAt('slow')).toBeUndefined();
  const sent = sending.queues.send('slow', [{ group: 'acme', body: 'one' }]);
  // It commits now, within the turn of the reads.
  sending.close();
  told.queues.announce('slow');

  expect(found).toEqual([expect.any(Number)]);
  await sent;
  told.close();
  await rm(folder, { recursive: true });
});
