import type { QueueReceiver, QueueSender, ReceivedMessage } from '../../ports/queues.ts';
import { type DeadLetterQueue, type WorkedQueue, causeOf } from './redrive.ts';

/** A message that waits for a person. */
export interface DeadLetter {
  message: ReceivedMessage;
  /** Where it came from; undefined where that is not known. */
  from?: WorkedQueue;
  why: string;
}

const BATCH = 10;

/**
 * Shows what stands in a dead-letter queue and leaves it there: what was looked at is given back at the end.
 * @param most how many messages to look at
 * @throws ServiceFault when the queue fails; messages that were not given back become visible by themselves
 */
export async function listDeadLetters(
  queues: Pick<QueueReceiver, 'receive'> & Pick<QueueSender, 'hide'>,
  queue: DeadLetterQueue,
  most: number,
): Promise<DeadLetter[]> {
  const found = new Map<string, ReceivedMessage>();
  while (found.size < most) {
    const messages = await queues.receive(queue, Math.min(BATCH, most - found.size));
    if (messages.length === 0) break;
    for (const message of messages) found.set(message.messageId, message);
  }
  for (const message of found.values()) await queues.hide(queue, message, 0);
  return [...found.values()].map((message) => ({ message, ...causeOf(queue, message.body) }));
}
