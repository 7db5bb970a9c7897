import { openApi } from '../lib/api/openapi/document.ts';
import { apiKeyHandlers } from '../lib/api/resources/api-keys/handlers.ts';
import { brakeHandlers } from '../lib/api/resources/brake/handlers.ts';
import { serviceHandlers } from '../lib/api/resources/service/handlers.ts';
import { tenantHandlers } from '../lib/api/resources/tenants/handlers.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';

/** The service itself: whether it is up, what its API looks like; and what the platform does to its tenants. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { subscriptions, brakes, tenants, apiKeys } = openStore(deployment, 'config');
  const handlers = { ...serviceHandlers(openApi), ...brakeHandlers, ...tenantHandlers, ...apiKeyHandlers };
  return apiFunction(
    'account',
    { handlers, ports: { clock, random, log, subscriptions, brakes, tenants, apiKeys } },
    deployment,
  );
}

export const handler = onAws(createHandler);
