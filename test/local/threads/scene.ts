import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceOptions } from '../../../lib/local/service/service-options.ts';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import type { ThreadSettings } from '../../../lib/local/threads/settings.ts';
import { DeliveryThread } from '../../../lib/local/threads/delivery-thread.ts';
import { Api, eventually } from '../../e2e/api.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { stand } from '../../support/patched-disk.ts';

export interface ThreadScene {
  service: Service;
  api: Api;
  log: MemoryLog;
  /** All that were started, the newest last. */
  threads: DeliveryThread[];
  /** Those that have not ended. */
  living: Set<DeliveryThread>;
}

/** A service on a folder of its own, for a test to use; with two threads from the start, unless told otherwise. */
export async function withThreads(
  settings: Partial<ThreadSettings>,
  use: (scene: ThreadScene) => Promise<void>,
  options: Partial<ServiceOptions> = {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-threads-'));
  const log = new MemoryLog();
  const threads: ThreadScene['threads'] = [];
  const living: ThreadScene['living'] = new Set();
  const onThread: ThreadSettings['onThread'] = (thread) => {
    if (!(thread instanceof DeliveryThread)) return;
    threads.push(thread);
    living.add(thread);
    void thread.ended.then(() => living.delete(thread));
  };
  const service = await startService({
    dataDir,
    port: 0,
    log,
    threads: { count: 2, busyFrom: 0, idleBelow: 0, ...settings, onThread },
    ...options,
  });
  try {
    await use({ service, api: new Api(service, 'acme'), log, threads, living });
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves once so many threads make deliveries. @returns them */
export async function workingThreads({ living }: ThreadScene, count = 2): Promise<DeliveryThread[]> {
  return eventually(
    async () => [...living].filter(({ isWorking }) => isWorking),
    (working) => working.length === count,
    { ms: 30_000 },
  );
}

/** Resolves once so many threads have loaded their code since the start. */
export async function readyThreads({ log }: Pick<ThreadScene, 'log'>, count = 1): Promise<void> {
  await eventually(
    async () => log.named('dispatch.thread-ready').length,
    (ready) => ready >= count,
  );
}

/** Keeps the main thread busy until the threads work. For settings that start none for less. */
export async function startByLoad(scene: ThreadScene, count = 2): Promise<void> {
  const { threads, api } = scene;
  await eventually(
    async () => {
      await api.post({ type: 'load.of_main_thread' });
      stand(50);
      return threads.length;
    },
    (started) => started >= count,
    { everyMs: 1 },
  );
  await workingThreads(scene, count);
}

/** Counts what the main thread reads for dispatch: a thread reads for itself. */
export function countingReads(): { reads(): number; around: NonNullable<ServiceOptions['around']> } {
  let count = 0;
  return {
    reads: () => count,
    around: (ports) => ({
      ...ports,
      reader: {
        read: (...args) => {
          count += 1;
          return ports.reader.read(...args);
        },
      },
    }),
  };
}
