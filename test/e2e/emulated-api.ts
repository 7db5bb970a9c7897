import { createHandler as createAccount } from '../../lambdas/account.ts';
import { createHandler as createAuthorizer } from '../../lambdas/authorizer.ts';
import { createHandler as createEndpoints } from '../../lambdas/endpoints.ts';
import { createHandler as createHistory } from '../../lambdas/history.ts';
import { createHandler as createIngest } from '../../lambdas/ingest.ts';
import { createHandler as createPoll } from '../../lambdas/poll.ts';
import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { makeApiKey } from '../../lib/api/auth/make-api-key.ts';
import type { Log } from '../../lib/ports/log.ts';
import { type EmulatedAws, startEmulatedAws } from './emulated-aws.ts';
import { startHttpApi } from './http-api.ts';

/** The functions behind the API, as a client sees them; nobody works their queues. */
export interface EmulatedApi {
  emulated: EmulatedAws;
  /** `http://host:port`, without a slash at the end. */
  url: string;
  /** A platform key with every scope. */
  apiKey: string;
  stop(): Promise<void>;
}

/** Over emulators of its own. @param changes of the functions' deployment */
export async function startEmulatedApi(log: Log, changes: Partial<Deployment> = {}): Promise<EmulatedApi> {
  await using starting = new AsyncDisposableStack();
  const emulated = await startEmulatedAws(log);
  starting.defer(() => emulated.stop());
  const deployment = { ...emulated.deployment, ...changes };
  const { secret } = await makeApiKey({ ...deployment, ...openStore(deployment, 'config') }, { name: 'test' });
  const { url, close } = await startHttpApi({
    authorizer: createAuthorizer(deployment),
    integrations: {
      endpoints: createEndpoints(deployment),
      poll: createPoll(deployment),
      ingest: createIngest(deployment),
      history: createHistory(deployment),
      account: createAccount(deployment),
    },
  });
  starting.defer(() => close());
  const running = starting.move();
  return { emulated, url, apiKey: secret, stop: () => running.disposeAsync() };
}
