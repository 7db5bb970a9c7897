import { defineConfig } from 'vitest/config';
import { isShort } from './extent.ts';

const MINUTE_MS = 60_000;

/** What a busy machine answers too late is a fault: its message comes back after half a minute, then after one. */
const PATIENCE_MS = 2 * MINUTE_MS;

const suites = (name: string, files: string[], groupOrder: number) => ({
  test: {
    name,
    include: files,
    sequence: { groupOrder },
    testTimeout: 2 * PATIENCE_MS,
    hookTimeout: 2 * PATIENCE_MS,
    env: { POSTRIDER_TEST_PATIENCE_MS: String(PATIENCE_MS) },
  },
});

const FIRST = isShort() ? 'short' : '{every-backend,operated,upgrade,load,console}';

// Suites of one stack are one file, because they look into the same queues; what was recorded is judged after all.
export default defineConfig({
  test: {
    // All of the first at once: they wait most of the time.
    maxWorkers: 5,
    projects: [
      suites('deployed', [`test/deployed/suites/${FIRST}.deployed.ts`], 0),
      suites('afterwards', ['test/deployed/suites/afterwards.deployed.ts'], 1),
    ],
  },
});
