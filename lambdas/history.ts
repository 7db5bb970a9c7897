import { deliveryHandlers } from '../lib/api/handlers/deliveries.ts';
import { eventHandlers } from '../lib/api/handlers/events.ts';
import { jobHandlers } from '../lib/api/handlers/jobs.ts';
import { retryHandlers } from '../lib/api/handlers/retries.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { onlyThese } from './runtime/only-these.ts';

/** What happened: events, deliveries with their attempts, jobs. It only reads. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { endpoints, health, events, deliveries, jobs } = openStore(deployment, 'config', 'log');
  const ports = onlyThese({ clock, random, log, endpoints, health, events, deliveries, jobs });
  return apiFunction(
    { handlers: { ...eventHandlers, ...deliveryHandlers, ...jobHandlers, ...retryHandlers }, ports },
    deployment,
  );
}

export const handler = onAws(createHandler);
