import { deliveryReadHandlers } from '../lib/api/resources/deliveries/read-handlers.ts';
import { eventReadHandlers } from '../lib/api/resources/events/read-handlers.ts';
import { jobReadHandlers } from '../lib/api/resources/jobs/read-handlers.ts';
import { opsReadHandlers } from '../lib/api/resources/ops/read-handlers.ts';
import { retryReadHandlers } from '../lib/api/resources/retries/read-handlers.ts';
import { statsHandlers } from '../lib/api/resources/stats/handlers.ts';
import { usageHandlers } from '../lib/api/resources/usage/handlers.ts';
import { routes } from '../lib/api/routes.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { QUEUE_NAMES } from '../lib/ports/queues.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** What happened: events, deliveries with their attempts, jobs. It only reads. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const store = openStore(deployment, 'config', 'log');
  const { endpoints, health, events, deliveries, jobs, usage } = store;
  // For operators, who see all tenants.
  const { troubled, tenants, subscriptions, due, brakes } = store;
  const ofOperators = { troubled, tenants, subscriptions, due, brakes, queues: openQueues(deployment, ...QUEUE_NAMES) };
  const ports = { clock, random, log, endpoints, health, events, deliveries, jobs, usage, ...ofOperators };
  const handlers = {
    ...eventReadHandlers,
    ...deliveryReadHandlers,
    ...jobReadHandlers,
    ...retryReadHandlers,
    ...usageHandlers,
    ...statsHandlers,
    ...opsReadHandlers,
  };
  return apiFunction('history', { routes, handlers, ports }, deployment);
}

export const handler = onAws(createHandler);
