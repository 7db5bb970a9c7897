import { ChangeMessageVisibilityCommand, type SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler as createDispatch } from '../../lambdas/dispatch.ts';
import { createHandler as createIngest } from '../../lambdas/ingest.ts';
import { createHandler as createJobs } from '../../lambdas/jobs.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { openSecretBox } from '../../lambdas/runtime/kms-secrets.ts';
import { deliveryKey, jobKey } from '../../lib/adapters/dynamodb/layout/keys.ts';
import type { DeliveryKey } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import { writeDeliveryMessage, writeJobMessage } from '../../lib/domain/message.ts';
import { updateMatching } from '../../lib/pipeline/endpoints/matching.ts';
import { sealSecret } from '../../lib/pipeline/delivery/secrets.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { serviceError } from '../adapters/dynamodb/fixture.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { eventOf } from '../e2e/event-source.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { startCustomer } from '../support/customer-server.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { RecordMaker } from '../support/records.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { JSON_TYPE, apiEvent } from './calls.ts';

// The emulators answer all calls except those that a test makes fail as only the real services do.

const THROTTLED = serviceError('ProvisionedThroughputExceededException');
const TIMED_OUT = Object.assign(new Error('The request timed out after 3000 ms'), { name: 'TimeoutError' });
const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

let log: MemoryLog;
let emulated: EmulatedAws;
let dynamodb: AwsClientStub<DynamoDBDocumentClient>;
let sqs: AwsClientStub<SQSClient>;
beforeAll(async () => {
  log = new MemoryLog();
  emulated = await startEmulatedAws(log);
});
afterAll(() => emulated.stop());
beforeEach(() => {
  log.lines.length = 0;
  const { clients } = emulated.deployment;
  dynamodb = mockClient(clients.dynamodb as DynamoDBDocumentClient) as unknown as typeof dynamodb;
  sqs = mockClient(clients.sqs as SQSClient) as unknown as typeof sqs;
  for (const { send } of [dynamodb, sqs]) send.callThrough();
});
afterEach(() => {
  dynamodb.restore();
  sqs.restore();
});

async function anEndpoint(make: RecordMaker, url = 'https://customer.invalid/') {
  const { endpoints, subscriptions } = openStore(emulated.deployment, 'config', 'log');
  const { headers: _, ...draft } = make.endpoint({ url, events: ['*'] });
  const secrets = [await sealSecret(openSecretBox(emulated.deployment), draft, SECRET, Date.now())];
  await endpoints.createUnlessExists({ ...draft, secrets });
  await updateMatching({ ...emulated.deployment, endpoints, subscriptions }, draft);
  return draft;
}

/** A batch as Lambda receives it; SQS itself does not know its receipts. */
function batchOf(queue: QueueName, bodies: readonly string[]): SQSEvent {
  const Attributes = { ApproximateReceiveCount: '1', SentTimestamp: `${Date.now()}`, MessageGroupId: 'tenant' };
  const messages = bodies.map((Body, n) => ({ MessageId: `message-${n}`, ReceiptHandle: `r-${n}`, Body, Attributes }));
  return eventOf(messages, emulated.queueUrls[queue]);
}

const newMaker = () => new RecordMaker(new VirtualClock(Date.now()));
const failed = (...numbers: number[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: `message-${n}` })),
});

describe('ingest', () => {
  async function post(make: RecordMaker, idempotencyKey: string) {
    const key = { key_id: 'key_1', tenant_id: make.tenantId, scopes: 'events:write' };
    const body = JSON.stringify({ type: 'order.paid', data: { amount: 1 } });
    const headers = { ...JSON_TYPE, 'idempotency-key': idempotencyKey };
    const handler = createIngest(emulated.deployment);
    const answer = await handler(apiEvent('POST /v1/events', { headers, body }, key), lambdaContext('ingest', 28_000));
    return { ...answer, json: JSON.parse(answer.body ?? 'null') as Record<string, unknown> };
  }
  const sent = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries ?? []);

  test('answers 503 while DynamoDB throttles, sends nothing, and the log says so', async () => {
    const make = newMaker();
    await anEndpoint(make);
    dynamodb.on(PutCommand).rejects(THROTTLED);
    const answer = await post(make, 'a');
    expect(answer).toMatchObject({ statusCode: 503, json: { type: '/problems/unavailable' } });
    expect(answer.headers).toHaveProperty('retry-after');
    expect(sent()).toEqual([]);
    expect(String(log.named('api.unavailable')[0]?.cause)).toContain('DynamoDB throttled PutItem');
  });

  test('sends again only what SQS did not accept of a batch', async () => {
    const make = newMaker();
    for (let n = 0; n < 3; n += 1) await anEndpoint(make);
    const [Successful, one] = [[{ Id: '0' }, { Id: '2' }], [{ Id: '0' }]];
    const Failed = [{ Id: '1', SenderFault: false, Code: 'InternalError' }];
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful, Failed } as never)
      .resolves({ Successful: one } as never);
    expect((await post(make, 'a')).statusCode).toBe(202);
    const [first = [], second = [], ...more] = sent();
    expect([first.length, more.length]).toEqual([3, 0]);
    expect(second.map(({ MessageBody }) => MessageBody)).toEqual([first[1]?.MessageBody]);
  });

  test('answers 503 when SQS times out, and a repeated post is the same event and sends it', async () => {
    const make = newMaker();
    await anEndpoint(make);
    sqs
      .on(SendMessageBatchCommand)
      .rejectsOnce(TIMED_OUT)
      .resolves({ Successful: [{ Id: '0' }] } as never);
    expect((await post(make, 'a')).statusCode).toBe(503);
    const again = await post(make, 'a');
    expect(again.statusCode).toBe(202);
    const bodies = sent().flatMap((entries) => entries.map(({ MessageBody }) => MessageBody));
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[1]).toContain(again.json.id);
  });
});

describe('dispatch', () => {
  const work = (event: SQSEvent) => createDispatch(emulated.deployment)(event, lambdaContext('dispatch', 60_000));

  /** Events of one endpoint at `url`, accepted, with the first message of each. */
  async function accepted(url: string, count: number): Promise<DeliveryKey[]> {
    const make = newMaker();
    const endpoint = await anEndpoint(make, url);
    const { events } = openStore(emulated.deployment, 'config', 'log');
    const made = Array.from({ length: count }, () => make.event({ endpointIds: [endpoint.id] }));
    for (const event of made) await events.putUnlessExists(event);
    return made.map(({ tenantId, id }) => ({ tenantId, endpointId: endpoint.id, eventId: id, ordinal: 0 }));
  }
  const firstMessages = (keys: readonly DeliveryKey[]) => keys.map((key) => writeDeliveryMessage({ ...key, epoch: 0 }));

  test('gives a batch back whose read is throttled, and hides each message for a while', async () => {
    const customer = await startCustomer((_, response) => response.end());
    const keys = await accepted(customer.url, 3);
    dynamodb.on(BatchGetCommand).rejects(THROTTLED);
    sqs.on(ChangeMessageVisibilityCommand).resolves({});
    expect(await work(batchOf('deliveries', firstMessages(keys)))).toEqual(failed(0, 1, 2));
    expect(customer.requests).toHaveLength(0);
    const hidden = sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input);
    expect(hidden.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['r-0', 'r-1', 'r-2']);
    for (const { VisibilityTimeout } of hidden) expect(VisibilityTimeout).toBeGreaterThanOrEqual(30);
  });

  test('gives back the one message whose result cannot be written, and acknowledges its neighbours', async () => {
    const customer = await startCustomer((_, response) => response.end());
    const keys = await accepted(customer.url, 3);
    dynamodb.on(PutCommand, { Item: deliveryKey(keys[1] as DeliveryKey) } as never).rejects(THROTTLED);
    sqs.on(ChangeMessageVisibilityCommand).resolves({});
    expect(await work(batchOf('deliveries', firstMessages(keys)))).toEqual(failed(1));
    expect(customer.requests).toHaveLength(3);
    const { deliveries } = openStore(emulated.deployment, 'config', 'log');
    const statuses = (await deliveries.getMany(keys)).map((record) => record?.status);
    expect(statuses).toEqual(['delivered', undefined, 'delivered']);
  });

  test('gives a batch back also when SQS times out as it hides the messages', async () => {
    const keys = await accepted('http://127.0.0.1:9/', 2);
    dynamodb.on(BatchGetCommand).rejects(TIMED_OUT);
    sqs.on(ChangeMessageVisibilityCommand).rejects(TIMED_OUT);
    expect(await work(batchOf('deliveries', firstMessages(keys)))).toEqual(failed(0, 1));
    expect(log.named('dispatch.not-hidden')).toHaveLength(2);
    expect(log.named('dispatch.failed')).toEqual([]);
  });
});

describe('jobs', () => {
  const work = (event: SQSEvent, leftMs = 60_000) =>
    createJobs(emulated.deployment)(event, lambdaContext('jobs', leftMs));

  async function someJobs(count: number, kind: Job['kind'] = 'release') {
    const make = newMaker();
    const { jobs } = openStore(emulated.deployment, 'config', 'log');
    const made = Array.from({ length: count }, () => make.job({ kind }));
    for (const job of made) await jobs.createUnlessExists(job);
    const bodies = made.map(({ tenantId, id }) => writeJobMessage({ tenantId, jobId: id, step: 0 }));
    const statuses = async () =>
      Promise.all(made.map(async ({ tenantId, id }) => (await jobs.get(tenantId, id))?.status));
    const steps = async () => Promise.all(made.map(async ({ tenantId, id }) => (await jobs.get(tenantId, id))?.step));
    return { made, bodies, statuses, steps };
  }

  test.each([
    ['jobs', 'release', 20],
    ['slow', 'probe', 40],
  ] as const)(
    'begins nothing of %s that its function may not live to end: a %s in %i s',
    async (queue, kind, least) => {
      const { bodies, steps } = await someJobs(1, kind);
      sqs.on(ChangeMessageVisibilityCommand).resolves({});
      expect(await work(batchOf(queue, bodies), (least - 1) * 1000)).toEqual(failed(0));
      const [hidden] = sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input);
      expect(hidden).toMatchObject({ ReceiptHandle: 'r-0', VisibilityTimeout: 0 });
      expect(await steps()).toEqual([0]);
      expect(await work(batchOf(queue, bodies), (least + 5) * 1000)).toEqual(failed());
      expect(await steps()).not.toEqual([0]);
    },
  );

  test('gives back the one job that cannot be read, and works its neighbours', async () => {
    const { made, bodies, statuses } = await someJobs(3);
    const Key = jobKey(made[1]?.tenantId ?? '', made[1]?.id ?? '');
    dynamodb.on(GetCommand, { Key } as never).rejects(THROTTLED);
    sqs.on(ChangeMessageVisibilityCommand).resolves({});
    expect(await work(batchOf('jobs', bodies))).toEqual(failed(1));
    dynamodb.restore();
    // There is no such endpoint, so a release has nothing to do.
    expect(await statuses()).toEqual(['done', 'running', 'done']);
  });

  test('gives back a job whose next step cannot be written in time', async () => {
    const { bodies, statuses } = await someJobs(1);
    dynamodb.on(PutCommand).rejects(TIMED_OUT);
    sqs.on(ChangeMessageVisibilityCommand).rejects(TIMED_OUT);
    expect(await work(batchOf('jobs', bodies))).toEqual(failed(0));
    expect(log.named('job.fault')).toHaveLength(1);
    dynamodb.restore();
    expect(await statuses()).toEqual(['running']);
  });
});
