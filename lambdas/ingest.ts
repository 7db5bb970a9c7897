import { eventPostHandlers } from '../lib/api/resources/events/post-handlers.ts';
import { eventPostRoutes } from '../lib/api/resources/events/post-routes.ts';
import { createIngest } from '../lib/pipeline/ingest/ingest.ts';
import { DEFAULT_SETTINGS } from '../lib/pipeline/settings.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openIngestStores } from './runtime/dynamo-store.ts';
import { eventTypePolicy } from './runtime/settings.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** `POST /v1/events` and `/v1/events/batch`: keeps what happened and sends its messages, then answers 202. */
export function createHandler(deployment: Deployment): ApiHandler {
  const { clock, random, log } = deployment;
  const stores = openIngestStores(deployment);
  const queues = openQueues(deployment, 'deliveries', 'jobs');
  const ports = { clock, random, log, ...stores, queues };
  const ingest = createIngest(ports, { ...DEFAULT_SETTINGS, eventTypePolicy: eventTypePolicy(deployment) });
  const routes = Object.values(eventPostRoutes);
  return apiFunction('ingest', { routes, handlers: eventPostHandlers(ingest), ports: { random, log } }, deployment);
}

export const handler = onAws(createHandler);
