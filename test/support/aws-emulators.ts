import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  type DynamoDBClientConfig,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { startFauxqs } from 'fauxqs';
import { createDocumentClient } from '../../lib/adapters/dynamodb/access/client.ts';
import { CONFIG_TABLE, LOG_TABLE, type TableDescription } from '../../lib/adapters/dynamodb/layout/tables.ts';
import { createSqsClient } from '../../lib/adapters/sqs/client.ts';
import { QUEUE_RULES } from '../../lib/ports/queue-rules.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { directRequests } from './direct-requests.ts';

const { POSTRIDER_TEST_DYNAMODB_ENDPOINT, POSTRIDER_TEST_SQS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID } = process.env;

/** Which SQS the tests run against: the emulator in this process, another one, or the real one. */
export const sqsKind = kindOf(POSTRIDER_TEST_SQS_ENDPOINT);

function kindOf(endpoint: string | undefined): 'in this process' | 'another emulator' | 'real' {
  if (endpoint === undefined) return 'in this process';
  return new URL(endpoint).hostname.endsWith('.amazonaws.com') ? 'real' : 'another emulator';
}

export interface Connection {
  endpoint: string;
  region: string;
  /** Absent: the environment's own. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export interface Emulator {
  connection: Connection;
  /** For a client in the same process, besides the connection: requests without sockets. DynamoDB's in this process only. */
  direct?: DynamoDBClientConfig;
  stop(): Promise<void>;
}

/** DynamoDB at the address that the environment names, or dynalite in this process. */
export async function startDynamo(): Promise<Emulator> {
  if (POSTRIDER_TEST_DYNAMODB_ENDPOINT !== undefined) return external(POSTRIDER_TEST_DYNAMODB_ENDPOINT);
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { connection: local(port), direct: directRequests(server), stop };
}

/** SQS at the address that the environment names, or fauxqs in this process. */
export async function startSqs(): Promise<Emulator> {
  if (POSTRIDER_TEST_SQS_ENDPOINT !== undefined) return external(POSTRIDER_TEST_SQS_ENDPOINT);
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  return { connection: local(server.port), stop: () => server.stop() };
}

function local(port: number): Connection {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials };
}

function external(endpoint: string): Emulator {
  const region = AWS_REGION ?? 'us-east-1';
  const own = AWS_ACCESS_KEY_ID === undefined && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return { connection: { endpoint, region, ...own }, stop: async () => undefined };
}

export interface TestTables {
  names: { config: string; log: string };
  client: DynamoDBDocumentClient;
  remove(): Promise<void>;
}

/** The two tables under names of their own. */
export async function createTables(connection: Connection, overrides: DynamoDBClientConfig = {}): Promise<TestTables> {
  const client = createDocumentClient({ ...connection, ...overrides });
  const run = randomUUID();
  const names = { config: `postrider-test-config-${run}`, log: `postrider-test-log-${run}` };
  await Promise.all([createTable(client, names.config, CONFIG_TABLE), createTable(client, names.log, LOG_TABLE)]);
  const remove = async () => {
    await Promise.all(Object.values(names).map((name) => client.send(new DeleteTableCommand({ TableName: name }))));
    client.destroy();
  };
  return { names, client, remove };
}

async function createTable(client: DynamoDBDocumentClient, name: string, table: TableDescription): Promise<void> {
  await client.send(createTableCommand(name, table));
  const waiting = { client: client as unknown as DynamoDBClient, minDelay: 0.02, maxDelay: 1, maxWaitTime: 60 };
  await waitUntilTableExists(waiting, { TableName: name });
}

function createTableCommand(name: string, { partitionKey, sortKey, indexes }: TableDescription): CreateTableCommand {
  const keySchema = (key: Pick<TableDescription, 'partitionKey' | 'sortKey'>) => [
    { AttributeName: key.partitionKey.name, KeyType: 'HASH' as const },
    { AttributeName: key.sortKey.name, KeyType: 'RANGE' as const },
  ];
  const attributes = [{ partitionKey, sortKey }, ...indexes].flatMap((keys) => [keys.partitionKey, keys.sortKey]);
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema({ partitionKey, sortKey }),
    AttributeDefinitions: attributes.map((attribute) => ({
      AttributeName: attribute.name,
      AttributeType: attribute.type,
    })),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: index.projection },
      })),
    }),
  });
}

export interface TestQueues {
  urls: Record<QueueName, string>;
  client: SQSClient;
  remove(): Promise<void>;
}

/** The redrive targets come first. */
const NAMES = ['exhausted', 'poison', 'deliveries', 'retries', 'slow', 'jobs'] as const satisfies readonly QueueName[];

/** The queues under names of their own, with their redrive. */
export async function createQueues(
  connection: Connection,
  options: { visibilitySeconds?: number } = {},
  overrides: SQSClientConfig = {},
): Promise<TestQueues> {
  const client = createSqsClient({ ...connection, ...overrides });
  const run = randomUUID();
  const urls: Partial<Record<QueueName, string>> = {};
  for (const name of NAMES) {
    const { redrive, retentionSeconds, visibilitySeconds } = { ...QUEUE_RULES[name], ...options };
    const command = new CreateQueueCommand({
      QueueName: `postrider-test-${name}-${run}`,
      Attributes: {
        VisibilityTimeout: `${visibilitySeconds}`,
        MessageRetentionPeriod: `${retentionSeconds}`,
        ...(redrive && { RedrivePolicy: await redrivePolicy(client, urls[redrive.to], redrive.maxReceives) }),
      },
    });
    urls[name] = (await client.send(command)).QueueUrl as string;
  }
  const all = urls as Record<QueueName, string>;
  const remove = async () => {
    await Promise.all(Object.values(all).map((url) => client.send(new DeleteQueueCommand({ QueueUrl: url }))));
    client.destroy();
  };
  return { urls: all, client, remove };
}

async function redrivePolicy(client: SQSClient, url: string | undefined, maxReceiveCount: number): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  const { Attributes } = await client.send(command);
  return JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount });
}
