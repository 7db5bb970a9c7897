import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { startEmbedded } from './embedded.ts';
import { describeEverySuite } from './every-suite.ts';

/** The service on a folder, whose deliveries are made by two threads from the start. */
const threaded: Backend = {
  name: 'threaded',
  async start() {
    const dataDir = await mkdtemp(join(tmpdir(), 'postrider-threaded-'));
    const running = await startEmbedded({ dataDir, threads: { count: 2, busyFrom: 0, idleBelow: 0 } });
    const stop = async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { ...running, stop };
  },
};

describeEverySuite(threaded);
