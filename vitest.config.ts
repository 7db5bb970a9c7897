import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const SDK = new URL('sdk/src/', import.meta.url).pathname;

export default defineConfig({
  resolve: {
    // Tests take the SDK's sources by the names that its users import.
    alias: [
      { find: /^@postrider\/sdk$/, replacement: `${SDK}index.ts` },
      { find: /^@postrider\/sdk\/receive$/, replacement: `${SDK}receive/index.ts` },
      { find: /^@postrider\/sdk\/(receive\/.+)$/, replacement: `${SDK}$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    sequence: { sequencer: LongestFirst },
    // Files take turns in a few processes: loading the AWS SDK, CDK and zod anew for each costs a third of the time.
    isolate: false,
    // The default leaves a core free.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
