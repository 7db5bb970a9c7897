import type { Delivery } from '../../domain/delivery.ts';
import { released } from '../../domain/delivery-resends.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from './change-record.ts';
import { sendToRetries } from './messages.ts';

/**
 * Lets held deliveries go on, due now: records first, then their messages. Those that have moved on are left alone, and
 * so are those that were held anew.
 * @returns how many were released
 */
export async function releaseHeld(
  ports: Pick<Ports, 'clock' | 'deliveries' | 'queues'>,
  records: readonly Delivery[],
): Promise<number> {
  const now = ports.clock.now();
  const outcomes = await Promise.all(
    records.map((record) =>
      changeRecord(ports, record, (present) =>
        present.status === 'held' && present.heldAt === record.heldAt ? released(present, now) : undefined,
      ),
    ),
  );
  const written = outcomes.filter((record) => record !== undefined);
  await sendToRetries(ports, written);
  return written.length;
}
