import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { DATABASE_FILE } from '../../../lib/local/service/data-folder.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { Api, eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { readyThreads } from './scene.ts';

test('what a thread finishes while the service stops is counted as usage', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-stop-'));
  const receiver = await Receiver.start();
  receiver.delayMs = 500;
  const log = new MemoryLog();
  const service = await startService({ dataDir, port: 0, log, threads: { count: 1, busyFrom: 0, idleBelow: 0 } });
  try {
    await readyThreads({ log });
    const api = new Api(service, 'acme');
    await api.endpoint({ url: receiver.url });
    await Promise.all(Array.from({ length: 20 }, () => api.post()));
    await eventually(
      async () => receiver.arrivals.length,
      (arrived) => arrived === 20,
    );
  } finally {
    await service.stop();
    await receiver.stop();
  }
  expect(log.named('dispatch.attempt')).toHaveLength(20);
  const store = openSqliteStore({ path: join(dataDir, DATABASE_FILE), clock: systemClock });
  const days = await store.usage.days('acme', '2000-01-01', '9999-12-31');
  store.close();
  await rm(dataDir, { recursive: true });
  expect(days.reduce((sum, { attempts, delivered }) => sum + attempts + delivered, 0)).toBe(40);
});
