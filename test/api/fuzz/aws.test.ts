import { afterAll, beforeAll, describe, it } from 'vitest';
import { routes } from '../../../lib/api/routes.ts';
import { type EmulatedApi, startEmulatedApi } from '../../e2e/emulated-api.ts';
import { isLong } from '../../support/extent.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { fuzz } from './fuzz.ts';

const RUNS = Number(process.env['POSTRIDER_FUZZ_RUNS'] ?? (isLong ? 15 : 4));
const MS = Number(process.env['POSTRIDER_FUZZ_MS'] ?? 700);

let api: EmulatedApi;

/** Nothing is sent, since no queue is read. */
beforeAll(async () => {
  api = await startEmulatedApi(new MemoryLog());
}, 60_000);
afterAll(() => api.stop(), 60_000);

describe('generated requests to the functions get an answer that the document describes', () => {
  it.each(routes.map((route) => [route.operationId, route] as const))('%s', async (_, route) => {
    await fuzz(api, route, RUNS, MS);
  });
});
