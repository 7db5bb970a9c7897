/** The queues of DESIGN 2. */
export type QueueName = 'deliveries' | 'retries' | 'jobs' | 'exhausted' | 'poison';

export interface OutgoingMessage {
  body: string;
  /** The message group: fairness is among groups, order is not promised. */
  group: string;
  /** Whole seconds, 0 to 900. */
  delaySeconds?: number;
}

/** What limits a message's life (SQS quotas): a longer delay is refused, a longer hiding too. */
export const MAX_DELAY_SECONDS = 900;
export const MAX_VISIBILITY_SECONDS = 43_200;

export interface QueueSender {
  /**
   * Sends any number of messages. It returns once every message is accepted, and throws a ServiceFault when one was
   * not, after which some of them may have been sent: sending is safe to repeat.
   */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * Hides a received message from now on for whole seconds, 0 to 43,200 counted from its receive. To be kept it must
   * then not be acknowledged.
   * @throws VisibilityLimitError when the queue refuses it for this long; ServiceFault when it fails
   */
  hide(queue: QueueName, message: ReceivedMessage, seconds: number): Promise<void>;
  /** About how many messages are received or hidden, and not deleted. */
  inFlight(queue: QueueName): Promise<number>;
}

export interface ReceivedMessage {
  messageId: string;
  /** Good until the message is received again. */
  receiptHandle: string;
  body: string;
  group?: string;
  /** How often it has been received, this time included. */
  receiveCount: number;
  /** When it was first sent, milliseconds since the Unix epoch. */
  sentAt: number;
}

/** The consumer's side: Lambda's event source on AWS, the poller in one process; and redrive. */
export interface QueueReceiver {
  /** Up to `max` (1 to 10) visible messages, now invisible for the queue's visibility timeout. */
  receive(queue: QueueName, max: number): Promise<ReceivedMessage[]>;
  /** Acknowledges. A message that is not there any more is no error. */
  delete(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void>;
}
