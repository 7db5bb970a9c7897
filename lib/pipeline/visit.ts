import type { RateSlot } from '../domain/delivery.ts';
import type { DeliveryPointer } from '../domain/message.ts';
import type { Snapshot } from '../ports/dispatch-reader.ts';
import type { LogFields } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import type { ReceivedMessage } from '../ports/queues.ts';

/** The queues that dispatch reads. */
export type DispatchQueue = 'deliveries' | 'retries';

/** A message is acknowledged, or kept: then it comes back when its visibility timeout ends. */
export type Verdict = 'acknowledge' | 'keep';

/** One message on its way through dispatch. */
export interface Visit {
  queue: DispatchQueue;
  message: ReceivedMessage;
  pointer: DeliveryPointer;
  snapshot: Snapshot;
  /** When the snapshot's read started, milliseconds since the Unix epoch. */
  readAt: number;
  /** When the function is stopped, milliseconds since the Unix epoch. */
  deadline: number;
  /** The rate slot that it has taken, and that was free at once: it takes no other when it is read again. */
  slot?: RateSlot;
}

/** The same message with what the log says now. */
export async function reread(ports: Pick<Ports, 'clock' | 'reader'>, visit: Visit): Promise<Visit> {
  const readAt = ports.clock.now();
  const [snapshot] = await ports.reader.read([visit.pointer]);
  if (!snapshot) throw new Error('The reader answered fewer snapshots than it was asked for.');
  return { ...visit, snapshot, readAt };
}

/** The fields of a log line about a visit. */
export function describe({ queue, pointer }: Visit): LogFields {
  return {
    queue,
    tenant_id: pointer.tenantId,
    endpoint_id: pointer.endpointId,
    event_id: pointer.eventId,
    ordinal: pointer.ordinal,
    epoch: pointer.epoch,
  };
}
