import type { ApiDeps, Handlers } from './handler.ts';
import { accountHandlers } from './handlers/account.ts';
import { manualHandlers } from './handlers/manual.ts';
import { deliveryHandlers } from './handlers/deliveries.ts';
import { endpointHandlers } from './handlers/endpoints.ts';
import { eventPostHandlers } from './handlers/event-post.ts';
import { eventHandlers } from './handlers/events.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { platformHandlers } from './handlers/platform.ts';
import { retryHandlers } from './handlers/retries.ts';
import { type Api, createRouteApi } from './serve-route.ts';

/** Every route's handler: the type holds that none is missing. */
const allHandlers: Required<Handlers> = {
  ...accountHandlers,
  ...manualHandlers,
  ...deliveryHandlers,
  ...endpointHandlers,
  ...eventPostHandlers,
  ...eventHandlers,
  ...jobHandlers,
  ...platformHandlers,
  ...retryHandlers,
};

/** The whole API in one process. A Lambda takes `createRouteApi` with its own handlers, so that it bundles no others. */
export function createApi(deps: ApiDeps & { handlers?: Handlers }): Api {
  return createRouteApi({ ...deps, handlers: deps.handlers ?? allHandlers });
}
