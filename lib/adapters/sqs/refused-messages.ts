import { type MessageAttributeValue, type SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { MAX_MESSAGE_BYTES } from '../../ports/outgoing-rules.ts';
import type { RefusedMessage, RefusedMessages } from '../../ports/refused-messages.ts';
import { asFault } from './service-fault.ts';

/**
 * In a queue: each with the body that it came with, so that it can be moved back as it is, and the reason in its
 * attributes.
 */
export class SqsRefusedMessages implements RefusedMessages {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  /** @param client from `createSqsClient` */
  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async put(message: RefusedMessage): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: message.body,
      ...attributesOf(message),
    });
    await asFault('SendMessage', () => this.#client.send(command));
  }
}

/** What a message may not have in it, its attributes neither (Amazon SQS API Reference: SendMessage, MessageAttributeValue). */
const NOT_TAKEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** They count for the largest size of a message: one that has room for none goes without, and its line has its code. */
function attributesOf({ source, messageId, code, why, body }: RefusedMessage) {
  const texts = { source, message_id: messageId, error_code: code, error_message: why.replaceAll(NOT_TAKEN, '\ufffd') };
  const bytes = Object.entries(texts).reduce((sum, [name, text]) => sum + byteLength(name, 'String', text), 0);
  if (Buffer.byteLength(body) + bytes > MAX_MESSAGE_BYTES) return {};
  const attributes = Object.entries(texts).map(([name, text]): [string, MessageAttributeValue] => [
    name,
    { DataType: 'String', StringValue: text },
  ]);
  return { MessageAttributes: Object.fromEntries(attributes) };
}

/** An attribute counts with its name, its type and its value ("Amazon SQS message metadata"). */
function byteLength(...texts: string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
