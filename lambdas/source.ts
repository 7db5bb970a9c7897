import { SqsRefusedMessages } from '../lib/adapters/sqs/refused-messages.ts';
import { createSqsClient } from '../lib/adapters/sqs/client.ts';
import { sourceOf } from '../lib/api/sources/read-message.ts';
import { createIngest } from '../lib/pipeline/ingest/ingest.ts';
import { DEFAULT_SETTINGS } from '../lib/pipeline/settings.ts';
import { createTakeIn } from '../lib/pipeline/sources/take-in.ts';
import { fieldsOfSource } from './runtime/built-in-sources.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openIngestStores } from './runtime/dynamo-store.ts';
import { type QueueHandler, batchFunction } from './runtime/queue-function.ts';
import { eventTypePolicy, setting, sourceQueues } from './runtime/settings.ts';
import { openQueues } from './runtime/sqs-queues.ts';

/** The queues of sources, each an event source of its own: posts what their messages say. */
export function createHandler(deployment: Deployment): QueueHandler {
  const { clock, random, log, clients } = deployment;
  const ports = {
    clock,
    random,
    log,
    ...openIngestStores(deployment),
    queues: openQueues(deployment, 'deliveries', 'jobs'),
  };
  const ingest = createIngest(ports, { ...DEFAULT_SETTINGS, eventTypePolicy: eventTypePolicy(deployment) });
  const refused = new SqsRefusedMessages(
    clients.sqs ?? createSqsClient(),
    setting(deployment, 'POSTRIDER_REFUSED_QUEUE_URL'),
  );
  const takeIn = createTakeIn({ log, refused }, ingest);
  const queues = sourceQueues(deployment);
  const sources = new Map([...queues.values()].map((name) => [name, sourceOf(name, fieldsOfSource(name))]));
  return batchFunction('source', queues, deployment, ({ queue, messages }) => {
    const source = sources.get(queue) ?? sourceOf(queue, undefined);
    return takeIn(
      source,
      messages.map(({ messageId: id, body, receiveCount }) => ({ id, body, receiveCount })),
    );
  });
}

export const handler = onAws(createHandler);
