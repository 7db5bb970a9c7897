import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Database } from '../../../lib/adapters/sqlite/database/database.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { Api } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { patchDisk } from '../../support/patched-disk.ts';

/** How long the disk takes apart, milliseconds: what is committed meanwhile is not part of it. */
const DISK_MS = 5;

/** What a power cut leaves of a folder's store: its files as they were when the last synchronization began that has ended. */
function keepSynchronized(folder: string) {
  let begun = 0;
  let left = '';
  const copy = () => {
    begun += 1;
    const to = join(folder, `left-${begun}`);
    mkdirSync(to);
    for (const name of ['postrider.db', 'postrider.db-wal']) copyFileSync(join(folder, name), join(to, name));
    return to;
  };
  patchDisk({
    inThread(synchronize) {
      const copied = copy();
      synchronize();
      left = copied;
    },
    apart(synchronize, done) {
      const copied = copy();
      synchronize((error) => {
        setTimeout(() => {
          left = copied;
          done(error);
        }, DISK_MS);
      });
    },
  });
  return {
    has(eventId: string): boolean {
      const database = new Database(join(left, 'postrider.db'));
      const row = database.prepare('SELECT 1 FROM events WHERE id = ?').get(eventId);
      database.close();
      return row !== undefined;
    },
  };
}

test('a power cut takes no event that a customer was sent, or whose post was answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-power-cut-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disk = keepSynchronized(folder);
  const lost: string[] = [];
  const receiver = await Receiver.start();
  onTestFinished(() => receiver.stop());
  receiver.onArrival = (eventId) => disk.has(eventId) || lost.push(`sent: ${eventId}`);
  const service = await startService({ dataDir: folder, port: 0, log: new MemoryLog() });
  onTestFinished(() => service.stop());
  const api = new Api(service, 'acme');
  for (const type of ['first', 'second']) await api.endpoint({ url: receiver.url, events: [type, 'both'] });
  const answered = async (post: Promise<{ id: string }>) => {
    const { id } = await post;
    if (!disk.has(id)) lost.push(`answered: ${id}`);
  };
  const posts: Promise<void>[] = [];
  // Now and then a post comes while the disk is synchronized for another.
  for (let n = 0; n < 24; n += 1) {
    posts.push(answered(api.post({ type: ['first', 'second', 'both'][n % 3] as string, data: { n } })));
    await sleep(n % 4);
  }
  await Promise.all(posts);
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(32));
  expect(lost).toEqual([]);
});
