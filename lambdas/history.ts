import { deliveryReadHandlers } from '../lib/api/resources/deliveries/read-handlers.ts';
import { eventReadHandlers } from '../lib/api/resources/events/read-handlers.ts';
import { jobReadHandlers } from '../lib/api/resources/jobs/read-handlers.ts';
import { retryReadHandlers } from '../lib/api/resources/retries/read-handlers.ts';
import { usageHandlers } from '../lib/api/resources/usage/handlers.ts';
import { routes } from '../lib/api/routes.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';

/** What happened: events, deliveries with their attempts, jobs. It only reads. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { endpoints, health, events, deliveries, jobs, usage } = openStore(deployment, 'config', 'log');
  const ports = { clock, random, log, endpoints, health, events, deliveries, jobs, usage };
  const handlers = {
    ...eventReadHandlers,
    ...deliveryReadHandlers,
    ...jobReadHandlers,
    ...retryReadHandlers,
    ...usageHandlers,
  };
  return apiFunction('history', { routes, handlers, ports }, deployment);
}

export const handler = onAws(createHandler);
