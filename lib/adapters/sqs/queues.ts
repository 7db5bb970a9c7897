import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { VisibilityLimitError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { checkOutgoing } from '../../ports/outgoing-rules.ts';
import { MAX_VISIBILITY_SECONDS, checkReceiveMax, checkSeconds } from '../../ports/queue-rules.ts';
import type { MessageCount, OutgoingMessage, QueueName, Queues, ReceivedMessage } from '../../ports/queues.ts';
import type { Random } from '../../ports/random.ts';
import { BatchSender, intoBatches } from './batches.ts';
import { SYSTEM_ATTRIBUTES, fromSqsMessage } from './from-sqs-record.ts';
import { messageGroupId } from './message-group-id.ts';
import { asFault } from './service-fault.ts';

export interface SqsQueuesOptions {
  /** From `createSqsClient`, once per process. */
  client: SQSClient;
  urls: Readonly<Record<QueueName, string>>;
  clock: Clock;
  /** For the jitter of retries. */
  random: Pick<Random, 'fraction'>;
  /** How long a receive waits for a first message: 0 to 20 s, default 0. */
  receiveWaitSeconds?: number;
}

/** The ports over standard queues. Message groups make them fair queues. */
export function createSqsQueues(options: SqsQueuesOptions): Queues {
  return new SqsQueues(options);
}

const VISIBLE = 'ApproximateNumberOfMessages';
const NOT_VISIBLE = 'ApproximateNumberOfMessagesNotVisible';
const DELAYED = 'ApproximateNumberOfMessagesDelayed';

/** The timeout of a receive's request, on top of its wait. */
const RECEIVE_TIMEOUT_MS = 3000;

class SqsQueues implements Queues {
  readonly #client: SQSClient;
  readonly #urls: Readonly<Record<QueueName, string>>;
  readonly #batches: BatchSender;
  readonly #receiveWaitSeconds: number;

  constructor({ client, urls, clock, random, receiveWaitSeconds = 0 }: SqsQueuesOptions) {
    this.#client = client;
    this.#urls = urls;
    this.#batches = new BatchSender(clock, random);
    this.#receiveWaitSeconds = receiveWaitSeconds;
  }

  async send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void> {
    checkOutgoing(messages);
    const batches = intoBatches(messages, ({ body }) => Buffer.byteLength(body));
    await this.#batches.sendAll(batches, (batch) => this.#sendBatch(queue, batch));
  }

  async hide(queue: QueueName, message: ReceivedMessage, seconds: number): Promise<void> {
    checkSeconds(seconds, Number.MAX_SAFE_INTEGER);
    if (seconds > MAX_VISIBILITY_SECONDS) {
      throw new VisibilityLimitError(`${queue}: a message is hidden for at most 12 h, not ${seconds} s`);
    }
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.#urls[queue],
      ReceiptHandle: message.receiptHandle,
      VisibilityTimeout: seconds,
    });
    await asFault('ChangeMessageVisibility', () => this.#client.send(command));
  }

  async inFlight(queue: QueueName): Promise<number> {
    const [notVisible, delayed] = await this.#read(queue, [NOT_VISIBLE, DELAYED]);
    return Number(notVisible) + Number(delayed);
  }

  async counts(queue: QueueName): Promise<MessageCount> {
    const [visible, inFlight, delayed] = await this.#read(queue, [VISIBLE, NOT_VISIBLE, DELAYED]);
    return { visible: Number(visible), inFlight: Number(inFlight), delayed: Number(delayed) };
  }

  async #read(queue: QueueName, names: QueueAttributeName[]): Promise<string[]> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#urls[queue], AttributeNames: names });
    const { Attributes } = await asFault('GetQueueAttributes', () => this.#client.send(command));
    return names.map((name) => Attributes?.[name] ?? '0');
  }

  async receive(queue: QueueName, max: number): Promise<ReceivedMessage[]> {
    checkReceiveMax(max);
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#urls[queue],
      MaxNumberOfMessages: max,
      WaitTimeSeconds: this.#receiveWaitSeconds,
      MessageSystemAttributeNames: [...SYSTEM_ATTRIBUTES],
    });
    const requestTimeout = RECEIVE_TIMEOUT_MS + this.#receiveWaitSeconds * 1000;
    const { Messages = [] } = await asFault('ReceiveMessage', () => this.#client.send(command, { requestTimeout }));
    return Messages.map(fromSqsMessage);
  }

  async delete(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void> {
    const batches = intoBatches(messages, () => 0);
    await this.#batches.sendAll(batches, (batch) => this.#deleteBatch(queue, batch));
  }

  async #sendBatch(queue: QueueName, batch: OutgoingMessage[]): Promise<OutgoingMessage[]> {
    const command = new SendMessageBatchCommand({
      QueueUrl: this.#urls[queue],
      Entries: batch.map(({ body, group, delaySeconds }, index) => ({
        Id: `${index}`,
        MessageBody: body,
        MessageGroupId: messageGroupId(group),
        ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
      })),
    });
    const { Successful = [] } = await asFault('SendMessageBatch', () => this.#client.send(command));
    const accepted = new Set(Successful.map(({ Id }) => Id));
    return batch.filter((_, index) => !accepted.has(`${index}`));
  }

  async #deleteBatch(queue: QueueName, batch: ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const command = new DeleteMessageBatchCommand({
      QueueUrl: this.#urls[queue],
      Entries: batch.map(({ receiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle: receiptHandle })),
    });
    const { Failed = [] } = await asFault('DeleteMessageBatch', () => this.#client.send(command));
    // With a receipt that is no longer valid, there is nothing left to delete.
    const failed = new Set(Failed.filter(({ Code }) => Code !== 'ReceiptHandleIsInvalid').map(({ Id }) => Id));
    return batch.filter((_, index) => failed.has(`${index}`));
  }
}
