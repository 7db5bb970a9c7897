import { manualHandlers } from '../lib/api/handlers/manual.ts';
import { endpointHandlers } from '../lib/api/handlers/endpoints.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { onlyThese } from './runtime/only-these.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** `/v1/endpoints`: what customers registered, and its states; and what is retried and replayed by hand. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { endpoints, health, events, deliveries, jobs } = openStore(deployment, 'config', 'log');
  const secrets = openSecretBox(deployment);
  const queues = openQueues(deployment, 'deliveries', 'jobs', 'retries');
  const ports = onlyThese({ clock, random, log, endpoints, health, events, deliveries, jobs, secrets, queues });
  return apiFunction({ handlers: { ...endpointHandlers, ...manualHandlers }, ports }, deployment);
}

export const handler = onAws(createHandler);
