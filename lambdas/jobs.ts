import { createHttpSender } from '../lib/adapters/http/http-sender.ts';
import { createJobs } from '../lib/pipeline/jobs/jobs.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { type QueueHandler, queueFunction } from './runtime/queue-function.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** The queues jobs and probes, each an event source of its own: one page of bulk work a message. */
export function createHandler(deployment: Deployment): QueueHandler {
  addOwnDialects();
  const { clock, random, log, urlPolicy } = deployment;
  const { endpoints, subscriptions, health, events, deliveries, reader, jobs } = openStore(deployment, 'config', 'log');
  const queues = openQueues(deployment, 'deliveries', 'retries', 'jobs', 'probes', 'poison');
  // A probe makes a request to a customer.
  const [secrets, sender] = [openSecretBox(deployment), createHttpSender(urlPolicy)];
  const stores = { endpoints, subscriptions, health, events, deliveries, reader, jobs };
  const ports = { ...stores, clock, random, log, secrets, sender, queues };
  return queueFunction('jobs', ['jobs', 'probes'], deployment, createJobs(ports));
}

export const handler = onAws(createHandler);
