import type { Delivery } from '../../domain/delivery.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { MAX_DELAY_SECONDS } from '../../ports/queue-rules.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';

/** The first messages of an event, which make the first attempts: epoch 0, and no record yet. */
export function firstMessages(tenantId: string, eventId: string, endpointIds: readonly string[]): OutgoingMessage[] {
  return endpointIds.map((endpointId) => ({
    body: writeDeliveryMessage({ tenantId, endpointId, eventId, ordinal: 0, epoch: 0 }),
    group: tenantId,
  }));
}

/**
 * Sends the messages of records that were just written with a new epoch. As much of the wait as the queue takes is the
 * message's delay; dispatch hides it for the rest.
 */
export async function sendToRetries(
  ports: Pick<Ports, 'queues' | 'clock'>,
  records: readonly Delivery[],
): Promise<void> {
  const now = ports.clock.now();
  const messages = records.map((record) => retryMessage(record, now));
  if (messages.length > 0) await ports.queues.send('retries', messages);
}

function retryMessage(record: Delivery, now: number): OutgoingMessage {
  const { dueAt = now, endpointId } = record;
  const seconds = Math.ceil(Math.max(0, dueAt - now) / 1000);
  return {
    body: writeDeliveryMessage(record),
    group: endpointId,
    delaySeconds: Math.min(seconds, MAX_DELAY_SECONDS),
  };
}
