import { expect, test } from 'vitest';
import { newSharedStore } from '../../../lib/adapters/sqlite/sharing.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { DeliveryThreads, rowsFor } from '../../../lib/local/threads/delivery-threads.ts';
import type { ThreadData } from '../../../lib/local/threads/parts.ts';
import { DEFAULT_THREADS } from '../../../lib/local/threads/settings.ts';
import { newPlacesMemory } from '../../../lib/local/threads/shared-places.ts';
import { MemoryLog } from '../../support/memory-log.ts';

/** A machine that gives no thread, as where a container may have no more: nothing of it can be copied for one. */
const IMPOSSIBLE = { key: () => undefined } as unknown as ThreadData;

test('where no thread can be started, the service goes on without, and tries again later', async () => {
  const log = new MemoryLog();
  const looks: (() => void)[] = [];
  const threads = new DeliveryThreads({
    ports: { clock: systemClock, log, polls: { add: async () => undefined } as never },
    queues: { announce: () => undefined, onChange: () => undefined, recoverOf: async () => 0 },
    settings: { ...DEFAULT_THREADS, count: 2, busyFrom: 0 },
    setTimer: (_, look) => {
      looks.push(look);
      return () => undefined;
    },
    data: { ...IMPOSSIBLE, store: newSharedStore(), places: newPlacesMemory(rowsFor(2)) },
    utilization: () => 1,
    onChange: () => undefined,
  });
  expect(log.named('dispatch.thread-died')).toHaveLength(1);
  expect(looks.length).toBeGreaterThan(0);
  await threads.stop();
});
