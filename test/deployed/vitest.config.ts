import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

const suites = (name: string, files: string[], groupOrder: number) => ({
  test: { name, include: files, sequence: { groupOrder }, testTimeout: 3 * MINUTE_MS, hookTimeout: 3 * MINUTE_MS },
});

// Suites of one stack are one file, because they look into the same queues; what was recorded is judged after all.
export default defineConfig({
  test: {
    projects: [
      suites('deployed', ['test/deployed/suites/{stack,upgrade}.deployed.ts'], 0),
      suites('afterwards', ['test/deployed/suites/afterwards.deployed.ts'], 1),
    ],
  },
});
