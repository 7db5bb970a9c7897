import type { Delivery } from '../../domain/delivery.ts';
import type { NextDelivery } from '../../domain/delivery-changes/next-delivery.ts';
import type { Ports } from '../../ports/ports.ts';

/**
 * Changes a record despite concurrent writes: a superseded change is decided again on the record as it is then. It ends,
 * because each turn but the last means that another write took effect.
 * @param read the record as it was read
 * @param change what to write in its place; undefined when nothing is left to do
 * @returns the record as it was written; undefined when nothing was
 */
export async function changeRecord(
  ports: Pick<Ports, 'deliveries'>,
  read: Delivery,
  change: (present: Delivery) => NextDelivery | undefined,
): Promise<Delivery | undefined> {
  let present: Delivery | undefined = read;
  while (present) {
    const changed = change(present);
    if (!changed) return undefined;
    const written = await ports.deliveries.writeUnlessSuperseded(changed);
    if (written) return written;
    present = await ports.deliveries.get(read);
  }
  return undefined;
}
