import { ventryxHandlers } from '../lib/api/facades/ventryx/handlers.ts';
import { veriswarmHandlers } from '../lib/api/facades/veriswarm/handlers.ts';
import { deliveryManualHandlers } from '../lib/api/resources/deliveries/manual-handlers.ts';
import { endpointHandlers } from '../lib/api/resources/endpoints/handlers.ts';
import { eventManualHandlers } from '../lib/api/resources/events/manual-handlers.ts';
import { jobManualHandlers } from '../lib/api/resources/jobs/manual-handlers.ts';
import { opsManualHandlers } from '../lib/api/resources/ops/manual-handlers.ts';
import { retryManualHandlers } from '../lib/api/resources/retries/manual-handlers.ts';
import { tenantManualHandlers } from '../lib/api/resources/tenants/manual-handlers.ts';
import { createGuard } from '../lib/api/guard.ts';
import { routes } from '../lib/api/routes.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { openQueues } from './runtime/sqs-queues.ts';
import { urlPolicyOf } from './runtime/url-policy.ts';

/** `/v1/endpoints`: what customers registered, and its states; manual retries and replays, and the façades. */
export function createHandler(deployment: Deployment): ApiHandler {
  addOwnDialects();
  const { clock, random, log } = deployment;
  const store = openStore(deployment, 'config', 'log');
  const { audit, factors } = store;
  const { endpoints, subscriptions, health, events, eventTypes, quotas } = store;
  const { deliveries, jobs, idempotency, tenants, numbers } = store;
  const secrets = openSecretBox(deployment);
  const queues = openQueues(deployment, 'deliveries', 'jobs', 'slow', 'retries', 'exhausted', 'poison');
  const ports = {
    clock,
    random,
    log,
    endpoints,
    subscriptions,
    health,
    events,
    eventTypes,
    quotas,
    deliveries,
    jobs,
    idempotency,
    tenants,
    factors,
    secrets,
    queues,
    numbers,
  };
  const handlers = {
    ...endpointHandlers,
    ...eventManualHandlers,
    ...deliveryManualHandlers,
    ...jobManualHandlers,
    ...retryManualHandlers,
    ...tenantManualHandlers,
    ...opsManualHandlers,
    ...veriswarmHandlers,
    ...ventryxHandlers,
  };
  return apiFunction(
    'endpoints',
    {
      routes,
      handlers,
      ports,
      urlPolicy: urlPolicyOf(deployment),
      guard: createGuard({ clock, random, log, audit, factors, secrets, subscriptions }),
    },
    deployment,
  );
}

export const handler = onAws(createHandler);
