import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { fromSqsRecord } from '../../lib/adapters/sqs/from-sqs-record.ts';
import type { QueueName, ReceivedMessage } from '../../lib/ports/queues.ts';
import { type Middleware, compose, handledBy } from './compose.ts';
import { deadline } from './deadline.ts';
import type { Deployment } from './deployment.ts';
import { failureLog } from './failure-log.ts';
import { invocation } from './invocations.ts';
import { queueUrl } from './settings.ts';

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

interface Batch<Queue extends string> {
  /** A batch comes from one queue. */
  queue: Queue;
  messages: readonly ReceivedMessage[];
  /** When the function is stopped: milliseconds since the Unix epoch. */
  deadline: number;
}

/** Answers the ids of the messages that must come back. */
type Work<Queue extends string> = (batch: Batch<Queue>) => Promise<readonly string[]>;

/** A stage that works batches which Lambda receives from these queues, and answers which messages of one have failed. */
export function queueFunction<Queue extends QueueName>(
  stage: string,
  queues: readonly Queue[],
  deployment: Deployment,
  work: Work<Queue>,
): QueueHandler {
  const byName = new Map(queues.map((queue) => [lastPart(queueUrl(deployment, queue), '/'), queue]));
  return batchFunction(stage, byName, deployment, work);
}

/** {@link queueFunction} for any queues. @param byName what each is called here, by its name in the account */
export function batchFunction<Queue extends string>(
  stage: string,
  byName: ReadonlyMap<string, Queue>,
  deployment: Deployment,
  work: Work<Queue>,
): QueueHandler {
  const chain = compose<SQSEvent, SQSBatchResponse>()
    .use(invocation(deployment))
    .use(failureLog(stage, deployment.log))
    .use(deadline(deployment.clock))
    .use(received(byName));
  return handledBy(chain, async ({ found: { queue, messages, deadline: end } }) =>
    partialFailure(await work({ queue, messages, deadline: end })),
  );
}

/** Adds the messages of a batch, and the queue that it came from. */
function received<Queue extends string>(
  byName: ReadonlyMap<string, Queue>,
): Middleware<SQSEvent, SQSBatchResponse, Omit<Batch<Queue>, 'deadline'>> {
  return {
    before: ({ event: { Records }, internal }) => {
      const arn = Records[0]?.eventSourceARN ?? '';
      const queue = byName.get(lastPart(arn, ':'));
      if (queue === undefined) throw new Error(`This function does not work the queue ${arn}.`);
      internal.queue = queue;
      internal.messages = Records.map(fromSqsRecord);
    },
  };
}

function partialFailure(kept: readonly string[]): SQSBatchResponse {
  return { batchItemFailures: kept.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** A queue's name ends its URL and its ARN. */
function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
