import type { Delivery } from '../../domain/delivery.ts';
import { abandoned } from '../../domain/delivery-changes/stops.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from './change-record.ts';

/**
 * Ends a delivery whose payload was deleted, unless it has ended.
 * @param trigger `payload-deleted` where nothing else would come to it: it has no record, and no message
 * @returns whether it did
 */
export async function endWithoutPayload(
  ports: Pick<Ports, 'clock' | 'deliveries'>,
  record: Delivery,
  trigger: 'payload-deleted' | 'payload-deleted-by-job' = 'payload-deleted-by-job',
): Promise<boolean> {
  const written = await changeRecord(ports, record, (present) =>
    transition(present, trigger).action === 'abandon'
      ? abandoned(present, trigger, 'payload_deleted', ports.clock.now())
      : undefined,
  );
  return written !== undefined;
}
