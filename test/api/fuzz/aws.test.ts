import { afterAll, beforeAll, describe, it } from 'vitest';
import { createHandler as createAccount } from '../../../lambdas/account.ts';
import { createHandler as createAuthorizer } from '../../../lambdas/authorizer.ts';
import { createHandler as createEndpoints } from '../../../lambdas/endpoints.ts';
import { createHandler as createHistory } from '../../../lambdas/history.ts';
import { createHandler as createIngest } from '../../../lambdas/ingest.ts';
import { openStore } from '../../../lambdas/runtime/dynamo-store.ts';
import { makeApiKey } from '../../../lib/api/auth/make-api-key.ts';
import { routes } from '../../../lib/api/routes.ts';
import { startEmulatedAws } from '../../e2e/emulated-aws.ts';
import { startHttpApi } from '../../e2e/http-api.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { type Target, fuzz } from './fuzz.ts';

const RUNS = Number(process.env['POSTRIDER_FUZZ_RUNS'] ?? 15);
const MS = Number(process.env['POSTRIDER_FUZZ_MS'] ?? 700);

const running = new AsyncDisposableStack();
let target: Target;

/** The functions behind the API, over emulators; nothing is sent, since no queue is read. */
beforeAll(async () => {
  const emulated = await startEmulatedAws(new MemoryLog());
  running.defer(() => emulated.stop());
  const { deployment } = emulated;
  const { secret } = await makeApiKey({ ...deployment, ...openStore(deployment, 'config') }, { name: 'fuzz' });
  const httpApi = await startHttpApi({
    authorizer: createAuthorizer(deployment),
    integrations: {
      endpoints: createEndpoints(deployment),
      ingest: createIngest(deployment),
      history: createHistory(deployment),
      account: createAccount(deployment),
    },
  });
  running.defer(() => httpApi.close());
  target = { url: httpApi.url, apiKey: secret };
}, 60_000);
afterAll(() => running.disposeAsync(), 60_000);

describe('generated requests to the functions get an answer that the document describes', () => {
  it.each(routes.map((route) => [route.operationId, route] as const))('%s', async (_, route) => {
    await fuzz(target, route, RUNS, MS);
  });
});
