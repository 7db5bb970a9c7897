import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningBackend } from '../../e2e/backend.ts';
import { embedded } from '../../e2e/embedded.ts';
import { type PackedCli, packedCli } from '../package/packed.ts';
import { brokenOn } from './checks.ts';

// The same checks that `npm run test:runtimes` makes on Node 20, 22 and 24.

let packed: PackedCli;
let service: RunningBackend;
beforeAll(async () => {
  packed = packedCli();
  service = await embedded.start();
}, 120_000);
afterAll(async () => {
  await service.stop();
  packed.remove();
});

test('the package keeps its promises on this Node', { timeout: 120_000 }, async () => {
  const place = { baseUrl: service.url, apiKey: service.apiKey };
  expect(await brokenOn(process.execPath, packed, place, 'acme')).toEqual([]);
});
