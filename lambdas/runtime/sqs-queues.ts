import { createSqsClient } from '../../lib/adapters/sqs/client.ts';
import { createSqsQueues } from '../../lib/adapters/sqs/queues.ts';
import type { QueueName, Queues } from '../../lib/ports/queues.ts';
import type { Deployment } from './deployment.ts';
import { queueUrl } from './settings.ts';

/** The queues that a function may use; it is given the URLs of no others. @throws SettingError */
export function openQueues(deployment: Deployment, ...names: QueueName[]): Queues {
  const urls = Object.fromEntries(names.map((name) => [name, queueUrl(deployment, name)]));
  const { clock, random, clients } = deployment;
  return createSqsQueues({
    client: clients.sqs ?? createSqsClient(),
    // SQS refuses a call without a URL: a function that uses a queue it was not given has a bug, and it shows.
    urls: urls as Record<QueueName, string>,
    clock,
    random,
  });
}
