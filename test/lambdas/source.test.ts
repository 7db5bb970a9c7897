import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createHandler } from '../../lambdas/source.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { eventually } from '../e2e/api.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { type EventSource, eventOf, startEventSource } from '../e2e/event-source.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { MemoryLog } from '../support/memory-log.ts';

const log = new MemoryLog();
let aws: EmulatedAws;
let source: EventSource;
let [ordersUrl, refusedUrl] = ['', ''];

/** A queue of its own, with the function behind it, as Lambda's event source has it. */
beforeAll(async () => {
  aws = await startEmulatedAws(log);
  const create = async (name: string) =>
    (await aws.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '1' } }))).QueueUrl;
  [ordersUrl, refusedUrl] = (await Promise.all([create('shop-orders'), create('refused')])) as [string, string];
  const handler = newHandler();
  const options = { client: aws.sqs, log, functionName: 'source', maxConcurrency: 2 };
  source = startEventSource({ ...options, queueUrl: ordersUrl, handler });
}, 60_000);

afterAll(async () => {
  await source.stop();
  await aws.stop();
});

function newHandler() {
  const environment = {
    ...aws.deployment.environment,
    POSTRIDER_SOURCE_QUEUES: '{"orders":"shop-orders"}',
    POSTRIDER_REFUSED_QUEUE_URL: refusedUrl,
  };
  return createHandler({ ...aws.deployment, environment });
}

const send = (body: string) => aws.sqs.send(new SendMessageCommand({ QueueUrl: ordersUrl, MessageBody: body }));
const eventsOf = (tenant: string) => openStore(aws.deployment, 'config', 'log').events.page(tenant, { limit: 100 });
const event = (tenant: string, more: object = {}) =>
  JSON.stringify({ tenant_id: tenant, type: 'order.placed', data: { id: 1 }, ...more });

test('a message in the queue becomes an event, and is gone from the queue', async () => {
  await send(event('org_1'));
  const [kept] = await eventually(
    () => eventsOf('org_1'),
    (events) => events.length > 0,
  );
  expect(kept).toMatchObject({ tenantId: 'org_1', type: 'order.placed', data: '{"id":1}' });
  const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: ordersUrl, WaitTimeSeconds: 2 }));
  expect(Messages).toEqual([]);
});

test('a message becomes an event by the fields of its source, which the stack has written into the code', async () => {
  const fields = [
    { name: 'tenant_id', from: 'shop' },
    { name: 'type', value: 'order.placed' },
    { name: 'data', from: 'order' },
  ];
  vi.stubGlobal('POSTRIDER_SOURCES', { orders: fields });
  onTestFinished(() => void vi.unstubAllGlobals());
  const Attributes = { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) };
  const Body = JSON.stringify({ shop: 'org_3', order: { id: 7 } });
  const message = { MessageId: 'm1', ReceiptHandle: 'r1', Body, Attributes };
  const answer = await newHandler()(eventOf([message], ordersUrl), lambdaContext('source', 60_000));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await eventsOf('org_3')).toMatchObject([{ type: 'order.placed', data: '{"id":7}' }]);
});

test('what is sent twice with a key is one event', async () => {
  for (const n of [1, 2, 3]) await send(event('org_2', { idempotency_key: n === 3 ? 'b' : 'a' }));
  const events = await eventually(
    () => eventsOf('org_2'),
    (found) => found.length > 1,
  );
  await eventually(
    async () => log.named('ingest.repeated').length + log.named('ingest.accepted').length,
    (lines) => lines >= 4,
  );
  expect(events).toHaveLength(2);
  expect(await eventsOf('org_2')).toHaveLength(2);
});

test('what can’t be an event is in the queue of the refused, as it came, with the reason', async () => {
  await send('no event');
  const receive = new ReceiveMessageCommand({
    QueueUrl: refusedUrl,
    WaitTimeSeconds: 10,
    MessageAttributeNames: ['All'],
  });
  const { Messages: [refused] = [] } = await aws.sqs.send(receive);
  expect(refused?.Body).toBe('no event');
  const said = refused?.MessageAttributes ?? {};
  expect([said.source?.StringValue, said.error_code?.StringValue]).toEqual(['orders', 'invalid-json']);
});

test('a function that was given no queue for the refused does not start', async () => {
  expect(() => createHandler(aws.deployment)).toThrow('POSTRIDER_REFUSED_QUEUE_URL is not set');
});
