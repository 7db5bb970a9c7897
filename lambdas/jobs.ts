import { createJobs } from '../lib/pipeline/jobs.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { onlyThese } from './runtime/only-these.ts';
import { type QueueHandler, queueFunction } from './runtime/queue-function.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** The queue jobs: one page of bulk work a message. */
export function createHandler(deployment: Deployment): QueueHandler {
  const { clock, random, log } = deployment;
  const { endpoints, deliveries, jobs } = openStore(deployment, 'config', 'log');
  const queues = openQueues(deployment, 'retries', 'jobs', 'poison');
  const ports = onlyThese({ clock, random, log, endpoints, deliveries, jobs, queues });
  return queueFunction(['jobs'], deployment, createJobs(ports));
}

export const handler = onAws(createHandler);
