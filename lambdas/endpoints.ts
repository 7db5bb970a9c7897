import { endpointHandlers } from '../lib/api/handlers/endpoints.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { onlyThese } from './runtime/only-these.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** `/v1/endpoints`: what customers registered, and its states. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const { endpoints, health, deliveries, jobs } = openStore(deployment, 'config', 'log');
  const secrets = openSecretBox(deployment);
  const queues = openQueues(deployment, 'jobs');
  const ports = onlyThese({ clock, random, log, endpoints, health, deliveries, jobs, secrets, queues });
  return apiFunction({ handlers: endpointHandlers, ports }, deployment);
}

export const handler = onAws(createHandler);
