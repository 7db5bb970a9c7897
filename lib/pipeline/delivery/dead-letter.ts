import type { Delivery } from '../../domain/delivery.ts';
import { deadLetterSent } from '../../domain/delivery-changes/dead-letters.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { noteExhausted } from '../alert-start.ts';

/**
 * Sends the message of an exhausted delivery, with the epoch that only it carries, and notes it for an alert; then notes
 * that both are done. A crash before that leaves `dlqPending`, which sweep heals. Any other write of an exhausted record
 * clears it too.
 * @param record as it was written
 */
export async function sendToExhausted(
  ports: Pick<Ports, 'clock' | 'deliveries' | 'jobs' | 'log' | 'queues'>,
  record: Delivery,
): Promise<void> {
  await ports.queues.send('exhausted', [{ body: writeDeliveryMessage(record), group: record.endpointId }]);
  await noteExhausted(ports, record);
  await ports.deliveries.writeUnlessSuperseded(deadLetterSent(record));
}
