import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { fromSqsRecord } from '../../lib/adapters/sqs/from-sqs-record.ts';
import type { QueueName, ReceivedMessage } from '../../lib/ports/queues.ts';
import { compose } from './compose.ts';
import type { Deployment } from './deployment.ts';
import { queueUrl } from './settings.ts';

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

interface Batch<Queue extends QueueName> {
  /** A batch comes from one queue. */
  queue: Queue;
  messages: readonly ReceivedMessage[];
  /** When the function is stopped: milliseconds since the Unix epoch. */
  deadline: number;
}

/** Answers the ids of the messages that must come back. */
type Work<Queue extends QueueName> = (batch: Batch<Queue>) => Promise<readonly string[]>;

/** Works batches that Lambda receives from these queues, and answers which messages of one have failed. */
export function queueFunction<Queue extends QueueName>(
  queues: readonly Queue[],
  deployment: Deployment,
  work: Work<Queue>,
): QueueHandler {
  const byName = new Map(queues.map((queue) => [lastPart(queueUrl(deployment, queue), '/'), queue]));
  return compose<SQSEvent, SQSBatchResponse>().handler(async ({ Records }: SQSEvent, context: Context) => {
    const arn = Records[0]?.eventSourceARN ?? '';
    const queue = byName.get(lastPart(arn, ':'));
    if (!queue) throw new Error(`This function does not work the queue ${arn}.`);
    const deadline = deployment.clock.now() + context.getRemainingTimeInMillis();
    const kept = await work({ queue, messages: Records.map(fromSqsRecord), deadline });
    return { batchItemFailures: kept.map((itemIdentifier) => ({ itemIdentifier })) };
  }) as QueueHandler;
}

/** A queue's name ends its URL and its ARN. */
function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
