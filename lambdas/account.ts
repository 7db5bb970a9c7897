import { accountHandlers } from '../lib/api/handlers/account.ts';
import { platformHandlers } from '../lib/api/handlers/platform.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { onlyThese } from './runtime/only-these.ts';

/** The service itself: whether it is up, what its API looks like; and what the platform does to its tenants. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { endpoints, brakes } = openStore(deployment, 'config');
  const ports = onlyThese({ clock, random, log, endpoints, brakes });
  return apiFunction({ handlers: { ...accountHandlers, ...platformHandlers }, ports }, deployment);
}

export const handler = onAws(createHandler);
