import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests of `npm test`, with the longest suites whole (test/support/extent.ts). */
export default defineConfig({ ...base, test: { ...base.test, env: { POSTRIDER_TEST_LONG: '1' } } });
