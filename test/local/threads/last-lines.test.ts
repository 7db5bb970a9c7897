import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { newSharedStore } from '../../../lib/adapters/sqlite/sharing.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { LOCAL_POLICY } from '../../../lib/domain/url-policy.ts';
import { type DataFolder, DATABASE_FILE, openDataFolder } from '../../../lib/local/service/data-folder.ts';
import { rowsFor } from '../../../lib/local/threads/delivery-threads.ts';
import type { FromThread, ToThread } from '../../../lib/local/threads/parts.ts';
import { runDeliveries } from '../../../lib/local/threads/run-deliveries.ts';
import { newPlacesMemory } from '../../../lib/local/threads/shared-places.ts';
import { DEFAULT_SETTINGS } from '../../../lib/pipeline/settings.ts';
import { eventually } from '../../e2e/api.ts';

const { logTtlMs } = DEFAULT_SETTINGS;

async function openFolder(): Promise<DataFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-last-lines-'));
  const data = await openDataFolder(folder, systemClock, logTtlMs);
  onTestFinished(() => {
    data.close();
    rmSync(folder, { recursive: true });
  });
  return data;
}

/** What a delivery thread does, in this thread. */
function startThread({ path, key, shared = newSharedStore() }: DataFolder): { port: MessagePort; told: FromThread[] } {
  const { port1, port2: port } = new MessageChannel();
  const told: FromThread[] = [];
  port.on('message', (parts: FromThread[]) => told.push(...parts));
  runDeliveries(port1, {
    number: 2,
    threads: 1,
    path: join(path, DATABASE_FILE),
    store: shared,
    places: newPlacesMemory(rowsFor(1)),
    row: 1,
    key,
    egress: { ...LOCAL_POLICY, maxSockets: 10 },
    dialects: {},
    settings: { ...DEFAULT_SETTINGS, requestsAtOnce: 10, attemptsInLine: 10 },
    compileCache: undefined,
  });
  return { port, told };
}

test('what a delivery thread logs last, as it ends, is written too', async () => {
  const data = await openFolder();
  const shell = new DatabaseSync(join(data.path, DATABASE_FILE));
  shell.exec(`CREATE TRIGGER kept BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'kept'); END`);
  shell.close();
  await data.store.queues.send('deliveries', [{ body: 'unreadable', group: 'acme' }]);
  const { port, told } = startThread(data);
  const ended = new Promise((resolve) => port.once('close', resolve));
  const lines = () => told.flatMap((part) => (part.kind === 'error-line' ? [part.event] : []));
  await eventually(
    async () => lines(),
    (logged) => logged.includes('dispatch.poisoned'),
  );
  const close: ToThread[] = [{ kind: 'close' }];
  // eslint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(close);
  await ended;
  expect(lines()).toEqual(['dispatch.poisoned', 'poller.message-failed']);
});
