import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/access/client.ts';
import { createSqsClient } from '../../lib/adapters/sqs/client.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import type { Log } from '../../lib/ports/log.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { createQueues, createTables, startDynamo, startSqs } from '../support/aws-emulators.ts';
import { Outbox } from '../support/outbox.ts';
import { fakeSes } from './fake-ses.ts';
import { fakeKms } from './fake-kms.ts';

/** The resources of a stack, and what a function of it is given. */
export interface EmulatedAws {
  deployment: Deployment;
  queueUrls: Readonly<Record<QueueName, string>>;
  tables: { config: string; log: string };
  /** For what is no function: the event sources, and who looks in from outside. */
  sqs: SQSClient;
  dynamodb: DynamoDBDocumentClient;
  outbox: Outbox;
  stop(): Promise<void>;
}

/** Tables, queues and a key, of nobody else's; customers may be on this machine. */
export async function startEmulatedAws(log: Log): Promise<EmulatedAws> {
  await using starting = new AsyncDisposableStack();
  const dynamo = await startDynamo();
  starting.defer(() => dynamo.stop());
  const sqs = await startSqs();
  starting.defer(() => sqs.stop());
  const tables = await createTables(dynamo.connection, dynamo.direct);
  starting.defer(() => tables.remove());
  const queues = await createQueues(sqs.connection);
  starting.defer(() => queues.remove());
  const outbox = new Outbox();
  const ofFunctions = {
    dynamodb: createDocumentClient({ ...dynamo.connection, ...dynamo.direct }),
    sqs: createSqsClient({ ...sqs.connection }),
    kms: fakeKms(),
    ses: fakeSes((mail) => void outbox.send({ id: '', ...mail })),
  };
  starting.defer(() => Object.values(ofFunctions).forEach((client) => client.destroy()));

  const running = starting.move();
  return {
    deployment: {
      environment: environmentOf(tables.names, queues.urls),
      clock: systemClock,
      random: systemRandom,
      log,
      urlPolicy: { allowHttp: true, allowLoopback: true },
      clients: ofFunctions,
    },
    queueUrls: queues.urls,
    tables: tables.names,
    sqs: queues.client,
    dynamodb: tables.client,
    outbox,
    stop: () => running.disposeAsync(),
  };
}

/** What the stack writes into the functions' environment. */
function environmentOf(tables: EmulatedAws['tables'], queueUrls: EmulatedAws['queueUrls']): Record<string, string> {
  const urls = Object.entries(queueUrls).map(([name, url]) => [`POSTRIDER_QUEUE_${name.toUpperCase()}_URL`, url]);
  return {
    POSTRIDER_CONFIG_TABLE: tables.config,
    POSTRIDER_LOG_TABLE: tables.log,
    POSTRIDER_KMS_KEY_ID: 'arn:aws:kms:us-east-1:000000000000:key/test',
    POSTRIDER_LOG_TTL_DAYS: '30',
    POSTRIDER_DUE_SHARDS: '4',
    POSTRIDER_MAIL_FROM: 'postrider@example.com',
    ...Object.fromEntries(urls),
  };
}
