import type { Delivery } from '../../domain/delivery.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';
import { abandonRecord } from './hold.ts';
import type { DispatchPorts, Visit } from './visit.ts';

/**
 * Sends the message of an exhausted delivery, with the epoch that only it carries, then notes that it was accepted. A
 * crash between the two leaves `dlqPending`, which sweep heals (B6). What else writes an exhausted record clears it too.
 * @param record as it was written
 */
export async function sendToExhausted(ports: Pick<Ports, 'deliveries' | 'queues'>, record: Delivery): Promise<void> {
  await ports.queues.send('exhausted', [{ body: writeDeliveryMessage(record), group: record.endpointId }]);
  const { dlqPending: _, checkAt: __, ...rest } = record;
  await ports.deliveries.writeUnlessSuperseded(rest);
}

/**
 * Puts what our code cannot read into poison, with the queue that it came from. False when poison does not take it: it
 * must be kept.
 */
export async function poisonMessage(
  ports: Pick<Ports, 'queues' | 'log'>,
  queue: QueueName,
  message: ReceivedMessage,
  why: string,
): Promise<boolean> {
  ports.log.error(`${queue}.poisoned`, new Error(why), {
    message_id: message.messageId,
    body: message.body.slice(0, 200),
  });
  try {
    const body = JSON.stringify({ v: 1, from: queue, why, body: message.body });
    await ports.queues.send('poison', [{ body, group: message.group ?? queue }]);
    return true;
  } catch (cause) {
    ports.log.error(`${queue}.not-poisoned`, cause, { message_id: message.messageId });
    return false;
  }
}

/**
 * Gives up a delivery on which our code fails (C7). Poison has its message first: once its record is abandoned, the
 * message would be acknowledged, and nobody be alarmed. False: the message must be kept, and it is tried again.
 */
export async function poisonDelivery(ports: DispatchPorts, visit: Visit, record: Delivery): Promise<boolean> {
  const why = 'failed five times with an unexpected exception';
  if (!(await poisonMessage(ports, visit.queue, visit.message, why))) return false;
  return abandonRecord(ports, record, 'fault');
}
