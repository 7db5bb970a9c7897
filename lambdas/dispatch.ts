import { createDispatch } from '../lib/pipeline/dispatch/dispatch.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { type QueueHandler, queueFunction } from './runtime/queue-function.ts';
import { openSender } from './runtime/sender.ts';
import { pipelineSettings } from './runtime/settings.ts';
import { openQueues } from './runtime/sqs-queues.ts';
import { metered } from './runtime/usage.ts';

/** The queues deliveries and retries, each an event source of its own: signs, sends, records, retries. */
export function createHandler(deployment: Deployment): QueueHandler {
  addOwnDialects();
  const { clock, random } = deployment;
  const { endpoints, subscriptions, health, slots, deliveries, polls, reader, jobs, usage } = openStore(
    deployment,
    'config',
    'log',
  );
  const { log, adding } = metered(deployment, { usage });
  const queues = openQueues(deployment, 'deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison');
  const secrets = openSecretBox(deployment);
  const sender = openSender(deployment);
  const stores = { endpoints, subscriptions, health, slots, deliveries, polls, reader, jobs };
  const ports = { ...stores, clock, random, log, secrets, sender, queues };
  const dispatch = createDispatch(ports, pipelineSettings(deployment));
  return queueFunction('dispatch', ['deliveries', 'retries'], deployment, adding(dispatch));
}

export const handler = onAws(createHandler);
