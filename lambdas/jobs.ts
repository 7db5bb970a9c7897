import { createDispatch } from '../lib/pipeline/dispatch/dispatch.ts';
import { createJobs } from '../lib/pipeline/jobs/jobs.ts';
import { createSlowWork } from '../lib/pipeline/slow-work.ts';
import { openAlertChannels } from './runtime/alert-channels.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openStore } from './runtime/dynamo-store.ts';
import { openSecretBox } from './runtime/kms-secrets.ts';
import { openMailer } from './runtime/mailer.ts';
import { addOwnDialects } from './runtime/own-dialects.ts';
import { type QueueHandler, queueFunction } from './runtime/queue-function.ts';
import { openSender } from './runtime/sender.ts';
import { consoleUrl, pipelineSettings } from './runtime/settings.ts';
import { openQueues } from './runtime/sqs-queues.ts';
import { metered } from './runtime/usage.ts';

/** The queues jobs and slow, each an event source of its own: pages of bulk work, and requests that may take long. */
export function createHandler(deployment: Deployment): QueueHandler {
  addOwnDialects();
  const { clock, random } = deployment;
  const stores = openStore(deployment, 'config', 'log');
  const { log, adding } = metered(deployment, stores);
  const queues = openQueues(deployment, 'deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison');
  const [secrets, sender] = [openSecretBox(deployment), openSender(deployment)];
  const ports = { ...stores, clock, random, log, secrets, sender, queues, ...openMailer(deployment) };
  const settings = { ...pipelineSettings(deployment), consoleUrl: () => consoleUrl(deployment) };
  const jobs = createJobs(ports, settings, openAlertChannels(deployment));
  const slow = createSlowWork(createDispatch(ports, settings), jobs);
  const [doJobs, doSlow] = [adding(jobs), adding(slow)];
  return queueFunction('jobs', ['jobs', 'slow'], deployment, ({ queue, ...batch }) =>
    queue === 'slow' ? doSlow(batch) : doJobs({ queue, ...batch }),
  );
}

export const handler = onAws(createHandler);
