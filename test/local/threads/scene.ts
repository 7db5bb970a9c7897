import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, type ServiceOptions, startService } from '../../../lib/local/service/service.ts';
import type { ThreadSettings } from '../../../lib/local/threads/settings.ts';
import { Api, eventually } from '../../e2e/api.ts';
import { MemoryLog } from '../../support/memory-log.ts';

export interface ThreadScene {
  service: Service;
  api: Api;
  log: MemoryLog;
  /** Of all threads that were started, the newest last. */
  threads: { kill(): Promise<void> }[];
}

/** A service on a folder of its own, for a test to use; with a thread from the start, unless told otherwise. */
export async function withThreads(
  settings: Partial<ThreadSettings>,
  use: (scene: ThreadScene) => Promise<void>,
  options: Partial<ServiceOptions> = {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-threads-'));
  const log = new MemoryLog();
  const threads: ThreadScene['threads'] = [];
  const onThread: ThreadSettings['onThread'] = (thread) => threads.push(thread);
  const service = await startService({
    dataDir,
    port: 0,
    log,
    threads: { count: 1, busyFrom: 0, idleBelow: 0, ...settings, onThread },
    ...options,
  });
  try {
    await use({ service, api: new Api(service, 'acme'), log, threads });
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves once so many threads have loaded their code since the start. */
export async function readyThreads({ log }: Pick<ThreadScene, 'log'>, count = 1): Promise<void> {
  await eventually(
    async () => log.named('dispatch.thread-ready').length,
    (ready) => ready >= count,
  );
}
