import { defineConfig } from 'vitest/config';
import { isShort, onlyStack } from './extent.ts';

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

/** The files whose suites are about each stack, or about one beside it. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  Postrider: ['every-backend', 'console'],
  Operated: ['operated', 'upgrade'],
  Loaded: ['load'],
};

const ofStacks = Object.entries(FILES).flatMap(([stack, files]) => ((onlyStack() ?? stack) === stack ? files : []));
const first = isShort() ? ['short'] : ofStacks;

// Suites of one stack are one file, because they look into the same queues; what was recorded is judged after all.
export default defineConfig({
  test: {
    // All of the first at once: they wait most of the time.
    maxWorkers: 5,
    projects: [
      suites(
        'deployed',
        first.map((file) => `test/deployed/suites/${file}.deployed.ts`),
        0,
      ),
      suites('afterwards', ['test/deployed/suites/afterwards.deployed.ts'], 1),
    ],
  },
});
