import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueueHandler } from '../../lambdas/runtime/queue-function.ts';
import type { Log } from '../../lib/ports/log.ts';
import { lambdaContext } from './lambda-context.ts';

const BATCH_SIZE = 10;
const FUNCTION_TIMEOUT_MS = 60_000;
/** Short, so that stopping needs no poll to be broken off: an emulator may still hand a message to it. */
const WAIT_SECONDS = 1;

export interface EventSourceOptions {
  client: SQSClient;
  queueUrl: string;
  /** Where a handler that throws is noted. */
  log: Log;
  functionName: string;
  handler: QueueHandler;
  /** Invocations that are under way together, at most. */
  maxConcurrency: number;
}

/** A queue's event source at work. */
export interface EventSource {
  /** Receives no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * Does for a function what Lambda's event source does with a queue: receives batches of up to ten, invokes, and deletes
 * what did not fail. What failed, and every message of a handler that throws, stays hidden for as long as it is.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const stopping = new AbortController();
  const poll = async () => {
    while (!stopping.signal.aborted) await workBatch(options);
  };
  const polls = Array.from({ length: options.maxConcurrency }, poll);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(polls);
    },
  };
}

async function workBatch(options: EventSourceOptions): Promise<void> {
  const { client, queueUrl } = options;
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: BATCH_SIZE,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  if (messages.length === 0) return;
  const failed = await invoke(options, eventOf(messages, queueUrl));
  const done = messages.filter(({ MessageId: id }) => !failed.has(id));
  if (done.length === 0) return;
  const entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
}

/** Answers the ids of the messages that failed. */
async function invoke(
  { handler, functionName, log }: EventSourceOptions,
  event: SQSEvent,
): Promise<Set<string | undefined>> {
  try {
    const { batchItemFailures } = await handler(event, lambdaContext(functionName, FUNCTION_TIMEOUT_MS));
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch (cause) {
    log.error('event-source.invocation-failed', cause, { function: functionName });
    return new Set(event.Records.map(({ messageId }) => messageId));
  }
}

/** Messages as Lambda hands them to a function. */
export function eventOf(messages: readonly Message[], queueUrl: string): SQSEvent {
  const queue = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
  return {
    Records: messages.map(
      ({ MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes = {} }): SQSRecord => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        md5OfBody: MD5OfBody,
        attributes: Attributes as unknown as SQSRecord['attributes'],
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${queue}`,
        awsRegion: 'eu-central-1',
      }),
    ),
  };
}
