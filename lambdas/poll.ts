import { pollHandlers } from '../lib/api/resources/polls/handlers.ts';
import { pollRoutes } from '../lib/api/resources/polls/routes.ts';
import { type ApiHandler, apiFunction } from './runtime/api-function.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { metered } from './runtime/usage.ts';

/** Functions write side by side, and replicas lag: later than this, an entry is seldom shown after another. */
const POLL_DELAY_MS = 1000;

/** What consumers of poll endpoints call. It answers at once: functions that wait cost as much as functions that work. */
export function createHandler(deployment: Deployment): ApiHandler {
  addOwnDialects();
  const { clock, random } = deployment;
  const { endpoints, deliveries, polls, reader, usage } = openStore(deployment, 'config', 'log');
  const { log, adding } = metered(deployment, { usage });
  const secrets = openSecretBox(deployment);
  const ports = { clock, random, log, endpoints, deliveries, polls, reader, secrets };
  const settings = { pollDelayMs: POLL_DELAY_MS };
  return adding(
    apiFunction('poll', { routes: Object.values(pollRoutes), handlers: pollHandlers, ports, settings }, deployment),
  );
}

export const handler = onAws(createHandler);
