import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What Node says of its compile cache while `bin/local.ts` starts. */
function start(): string {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
  const env = { ...inherited, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/local.ts', '--version'], { env });
  expect(status).toBe(0);
  return `${stdout}${stderr}`;
}

test('a start strips and compiles nothing that an earlier one has', () => {
  start();
  const retrieved = start().match(/retrieving transpile cache for StrippedTypeScript .*command-line\.ts\.\.\.\w+/)?.[0];
  expect(retrieved).toMatch(/success$/);
});
