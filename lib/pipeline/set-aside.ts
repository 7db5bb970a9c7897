import { type Delivery, type WaitReason, versionOf } from '../domain/delivery.ts';
import type { Ports } from '../ports/ports.ts';
import { newRecord } from './new-record.ts';
import { sendNow } from './retry.ts';
import { CHECK_GRACE } from './times.ts';
import type { Visit } from './visit.ts';

/**
 * A first attempt that must wait gets a record and leaves deliveries, so that it is no burden to the healthy (C5).
 * False when it has a record by now.
 * @param dueAt milliseconds since the Unix epoch
 */
export async function setAside(
  ports: Ports,
  visit: Visit,
  why: { reason: WaitReason; dueAt: number; faults?: number },
): Promise<boolean> {
  const base = newRecord(visit.snapshot.event, visit.pointer);
  const record: Delivery = {
    ...base,
    statusReason: why.reason,
    epoch: 1,
    dueAt: why.dueAt,
    checkAt: why.dueAt + CHECK_GRACE,
    updatedAt: ports.clock.now(),
    ...(why.faults !== undefined && { faults: why.faults }),
  };
  if (!(await ports.deliveries.writeUnlessSuperseded(record, versionOf(undefined)))) return false;
  await sendNow(ports, [record]);
  return true;
}
