import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

/** The suites of which `npm test` plays a part, whole (test/support/extent.ts). */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/{faults,simulation,api/fuzz}/**/*.test.ts'],
    env: { POSTRIDER_TEST_LONG: '1' },
  },
});
