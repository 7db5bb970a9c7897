import type { Message } from '@aws-sdk/client-sqs';
import type { ReceivedMessage } from '../../ports/queues.ts';

/** A message as a Lambda function receives it (Lambda Developer Guide: Using Lambda with Amazon SQS). */
export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: {
    ApproximateReceiveCount: string;
    /** Milliseconds since the Unix epoch. */
    SentTimestamp: string;
    MessageGroupId?: string | undefined;
  };
}

export function fromSqsRecord({ messageId, receiptHandle, body, attributes }: SqsRecord): ReceivedMessage {
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sentAt: Number(attributes.SentTimestamp),
    ...(attributes.MessageGroupId !== undefined && { group: attributes.MessageGroupId }),
  };
}

/** The attributes that {@link fromSqsMessage} needs; a receive must request them. */
export const SYSTEM_ATTRIBUTES = ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'] as const;

export function fromSqsMessage(message: Message): ReceivedMessage {
  const { ApproximateReceiveCount = '1', SentTimestamp = '0', MessageGroupId } = message.Attributes ?? {};
  return fromSqsRecord({
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ApproximateReceiveCount, SentTimestamp, MessageGroupId },
  });
}
