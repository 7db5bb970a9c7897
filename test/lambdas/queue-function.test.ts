import type { SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { queueFunction } from '../../lambdas/runtime/queue-function.ts';
import { eventOf } from '../e2e/event-source.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { testDeployment } from './calls.ts';

const URL_OF = (name: string) => `https://sqs.eu-central-1.amazonaws.com/123456789012/Stack-${name}`;
const deployment = testDeployment({
  environment: {
    POSTRIDER_QUEUE_DELIVERIES_URL: URL_OF('Deliveries-1'),
    POSTRIDER_QUEUE_RETRIES_URL: URL_OF('Retries-2'),
  },
});

function batchFrom(queue: string, ...ids: string[]): SQSEvent {
  const Attributes = { ApproximateReceiveCount: '3', SentTimestamp: '1700000000000', MessageGroupId: 'acme' };
  const messages = ids.map((MessageId) => ({ MessageId, ReceiptHandle: `r-${MessageId}`, Body: '{}', Attributes }));
  return eventOf(messages, URL_OF(queue));
}

test('a batch is worked as one of its queue, with the time that the function has left', async () => {
  const worked: unknown[] = [];
  const handler = queueFunction('dispatch', ['deliveries', 'retries'], deployment, async (batch) => {
    worked.push(batch);
    expect(batch.deadline - Date.now()).toBeGreaterThan(25_000);
    expect(batch.deadline - Date.now()).toBeLessThanOrEqual(30_000);
    return [];
  });
  await handler(batchFrom('Retries-2', 'a'), lambdaContext('dispatch', 30_000));
  const message = { messageId: 'a', receiptHandle: 'r-a', body: '{}' };
  const messages = [{ ...message, receiveCount: 3, sentAt: 1_700_000_000_000, group: 'acme' }];
  expect(worked).toMatchObject([{ queue: 'retries', messages }]);
});

test('exactly the messages that must come back are reported as failures', async () => {
  const handler = queueFunction('dispatch', ['deliveries'], deployment, async () => ['b', 'c']);
  const answer = await handler(batchFrom('Deliveries-1', 'a', 'b', 'c'), lambdaContext('dispatch', 30_000));
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }] });
});

test('all ten of a full batch come back when all have failed', async () => {
  const ids = Array.from({ length: 10 }, (_, n) => `m${n}`);
  const handler = queueFunction('dispatch', ['deliveries'], deployment, async () => ids);
  const { batchItemFailures } = await handler(batchFrom('Deliveries-1', ...ids), lambdaContext('dispatch', 30_000));
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(ids);
});

test('an exception fails the whole batch, so that Lambda deletes nothing', async () => {
  const handler = queueFunction('dispatch', ['deliveries'], deployment, () => Promise.reject(new Error('broken')));
  const context = lambdaContext('dispatch', 30_000);
  await expect(handler(batchFrom('Deliveries-1', 'a'), context)).rejects.toThrow('broken');
  const [line] = deployment.log.named('dispatch.failed');
  expect(line).toMatchObject({ level: 'error', fields: { aws_request_id: context.awsRequestId } });
});

test('a queue that the function does not work is an error, not a guess', async () => {
  const handler = queueFunction('dispatch', ['deliveries'], deployment, async () => []);
  await expect(handler(batchFrom('Retries-2', 'a'), lambdaContext('dispatch', 30_000))).rejects.toThrow(
    'does not work the queue arn:aws:sqs:',
  );
});
