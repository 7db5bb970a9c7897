import { type Delivery, type RateSlot, newRecord } from '../../domain/delivery.ts';
import type { DeliveryPointer } from '../../domain/message.ts';
import type { LogView, Snapshot } from '../../ports/dispatch-reader.ts';
import type { LogFields } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ReceivedMessage } from '../../ports/queues.ts';

/** The queues that dispatch reads. */
export type DispatchQueue = 'deliveries' | 'retries' | 'slow';

/** A message is acknowledged, or kept: then it comes back when its visibility timeout ends. */
export type Verdict = 'acknowledge' | 'keep';

/** A message that came up, before anything was read for it. */
export interface Arrival {
  queue: DispatchQueue;
  message: ReceivedMessage;
  pointer: DeliveryPointer;
  /** When the function is stopped, milliseconds since the Unix epoch. */
  deadline: number;
  /** The rate slot that it has taken, and that was free at once: it takes no other when it is read again. */
  slot?: RateSlot;
}

/** One message on its way through dispatch. */
export interface Visit extends Arrival {
  snapshot: Snapshot;
  /** When the snapshot's read started, milliseconds since the Unix epoch. */
  readAt: number;
  /** The fields of a log line about it. */
  fields: LogFields;
}

type Reading = Pick<Ports, 'clock' | 'reader'>;

/** Reads the snapshots of all messages at once. */
async function look(ports: Reading, arrivals: readonly Arrival[], log: LogView): Promise<Visit[]> {
  const readAt = ports.clock.now();
  const snapshots = await ports.reader.read(
    arrivals.map(({ pointer }) => pointer),
    log,
  );
  if (snapshots.length < arrivals.length) throw new Error('The reader answered fewer snapshots than it was asked for.');
  return arrivals.map((arrival, index) => ({
    ...arrival,
    snapshot: snapshots[index] as Snapshot,
    readAt,
    fields: fieldsOf(arrival),
  }));
}

/**
 * {@link look} for first attempts, for half the price: a record is seldom there, and an old one makes a duplicate at
 * worst, for every write compares. But a record or an event that such a read does not show may still be there: before
 * anything is concluded from that, those messages are looked at again, consistently.
 */
async function lookAtFirstAttempts(ports: Reading, arrivals: readonly Arrival[]): Promise<Visit[]> {
  const visits = await look(ports, arrivals, 'eventual');
  const unsure = visits.filter(lacksSomething);
  if (unsure.length === 0) return visits;
  return [...visits.filter((visit) => !lacksSomething(visit)), ...(await look(ports, unsure, 'consistent'))];
}

/** What was read of a batch, and the arrivals for which nothing could be read. */
interface Looked {
  visits: Visit[];
  failed: { arrival: Arrival; cause: unknown }[];
}

/**
 * One read for the whole batch. When it fails, each message is read alone, so that one that can't be read keeps no other
 * waiting (invariant 14).
 */
export async function lookAtBatch(ports: Reading, queue: DispatchQueue, arrivals: readonly Arrival[]): Promise<Looked> {
  const read = (some: readonly Arrival[]) =>
    queue === 'deliveries' ? lookAtFirstAttempts(ports, some) : look(ports, some, 'consistent');
  try {
    return { visits: await read(arrivals), failed: [] };
  } catch (cause) {
    if (arrivals.length === 1) return { visits: [], failed: arrivals.map((arrival) => ({ arrival, cause })) };
  }
  const looked = await Promise.all(arrivals.map((arrival) => lookAtBatch(ports, queue, [arrival])));
  return { visits: looked.flatMap(({ visits }) => visits), failed: looked.flatMap(({ failed }) => failed) };
}

/** Its event, or a record of the message's epoch. */
function lacksSomething({ pointer, snapshot: { event, record } }: Visit): boolean {
  return event === undefined || pointer.epoch > (record?.epoch ?? 0);
}

/** The same message with what the log says now. */
export type Reread = (visit: Visit) => Promise<Visit>;

/** So many at a time. */
const MOST_REREADS = 2;

/**
 * Reads messages again, a few at a time: each is prepared as soon as it is read. A machine that is so slow that a batch is
 * too old to act on once it is prepared would otherwise read all of it again at once, and be as late as before.
 */
export function createReread(ports: Reading): Reread {
  const waiting: (() => void)[] = [];
  let reading = 0;
  return async (visit) => {
    if (reading === MOST_REREADS) await new Promise<void>((resolve) => waiting.push(resolve));
    else reading += 1;
    try {
      const [again] = await look(ports, [visit], 'consistent');
      return again as Visit;
    } finally {
      const next = waiting.shift();
      if (next) next();
      else reading -= 1;
    }
  };
}

/** The record that was read, or the one to begin with. */
export function recordOf({ pointer, snapshot: { event, record } }: Visit): Delivery {
  return record ?? newRecord(event, pointer);
}

/** The fields of a log line about a message. */
export function fieldsOf({ queue, pointer }: Arrival): LogFields {
  return {
    queue,
    tenant_id: pointer.tenantId,
    endpoint_id: pointer.endpointId,
    event_id: pointer.eventId,
    ordinal: pointer.ordinal,
    epoch: pointer.epoch,
  };
}
