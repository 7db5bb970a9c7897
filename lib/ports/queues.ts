/** The queues between the stages; `QUEUE_RULES` says how each of them behaves. */
export const QUEUE_NAMES = ['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface OutgoingMessage {
  body: string;
  /** The message group: fairness is among groups, order is not promised. */
  group: string;
  /** Whole seconds, 0 to 900. */
  delaySeconds?: number;
}

export interface QueueSender {
  /**
   * Sends any number of messages. It resolves once the queue has accepted every one of them.
   * @throws ServiceFault when one was not accepted; others may have been, and sending them all again is safe
   * @throws RangeError for a delay out of range or a body of more than 1 MiB: then nothing is sent
   */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * Hides a received message for so many whole seconds from now, until at most 12 hours (43,200 s) after its receive.
   * A message that is to come back must not be acknowledged.
   * @throws VisibilityLimitError when the queue refuses it for this long; ServiceFault when it fails
   */
  hide(queue: QueueName, message: ReceivedMessage, seconds: number): Promise<void>;
  /** The approximate number of messages that are received, hidden or delayed: those that are or will be in flight. */
  inFlight(queue: QueueName): Promise<number>;
}

export interface ReceivedMessage {
  messageId: string;
  /** Valid until the message is received again. */
  receiptHandle: string;
  body: string;
  /** Pass it on as it is: it may be a hash of the group that was sent. */
  group?: string;
  /** How often it has been received, this time included. */
  receiveCount: number;
  /** When it was first sent, milliseconds since the Unix epoch. */
  sentAt: number;
  /** Settles once it survives a power cut, and nothing leaves this machine for it before. Absent: it does. */
  safe?: Promise<void>;
}

/** The consumer's side: Lambda's event source on AWS, the poller in one process; and redrive. */
export interface QueueReceiver {
  /**
   * Up to `max` visible messages, which are now invisible for the queue's visibility timeout.
   * @throws RangeError when `max` is not 1 to 10
   */
  receive(queue: QueueName, max: number): Promise<ReceivedMessage[]>;
  /** Acknowledges messages. One that is already gone is not an error. */
  delete(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void>;
}

/** About how many messages a queue has, by what they wait for. */
export interface MessageCount {
  /** Can be received now. */
  visible: number;
  /** Received or hidden, and not deleted. */
  inFlight: number;
  /** Sent with a delay that has not passed. */
  delayed: number;
}

/** What an operator asks of a queue. */
export interface QueueCounter {
  counts(queue: QueueName): Promise<MessageCount>;
}

/** All that can be done with queues. */
export type Queues = QueueSender & QueueReceiver & QueueCounter;
