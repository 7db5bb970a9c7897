import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../lambdas/jobs.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { writeDeliveryMessage } from '../../lib/domain/message.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { eventOf } from '../e2e/event-source.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { Receiver } from '../e2e/receiver.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { acceptedEvent } from './accepted-event.ts';

let aws: EmulatedAws;
let customer: Receiver;
beforeAll(async () => {
  [aws, customer] = await Promise.all([startEmulatedAws(new MemoryLog()), Receiver.start()]);
}, 60_000);
afterAll(() => Promise.all([aws.stop(), customer.stop()]));

test('a delivery in the queue slow is sent, and recorded', async () => {
  const { event, pointer } = await acceptedEvent(aws.deployment, { url: customer.url });
  const QueueUrl = aws.queueUrls.slow;
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: writeDeliveryMessage(pointer) }));
  const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
  const { Messages = [] } = await aws.sqs.send(receive);
  const answer = await createHandler(aws.deployment)(eventOf(Messages, QueueUrl), lambdaContext('jobs', 60_000));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(customer.of(event.id)).toHaveLength(1);
  const { deliveries } = openStore(aws.deployment, 'config', 'log');
  expect(await deliveries.get(pointer)).toMatchObject({ status: 'delivered' });
});
