import type { DueEntry } from '../../ports/due-index.ts';
import type { Ports } from '../../ports/ports.ts';
import { type MessageCount, QUEUE_NAMES, type QueueName } from '../../ports/queues.ts';
import { type Counted, countTroubled } from './troubled.ts';

/** What stands where in a whole deployment. Times are milliseconds since the Unix epoch. */
export interface Overview {
  queues: Record<QueueName, MessageCount>;
  /** The oldest due time of a delivery that waits for nothing but its attempt. */
  oldestDueAt: number | undefined;
  /** Sweep has moved on all that was to be checked before. */
  sweptUntil: number | undefined;
  brakedAt: number | undefined;
  troubled: Record<'failing' | 'paused', Counted>;
}

export type OverviewPorts = Pick<
  Ports,
  'clock' | 'queues' | 'due' | 'deliveries' | 'brakes' | 'troubled' | 'endpoints' | 'health'
>;

const MINUTE = 60_000;
/** Shards of minutes that a call reads at most. */
const MOST_PLACES = 240;
/** Entries of a shard of a minute that are looked at. */
const ENTRIES = 10;
/** Where it begins before the first sweep. */
const BEFORE_SWEEP_MINUTES = 20;

export async function overviewOf(ports: OverviewPorts): Promise<Overview> {
  const [counts, watermark, brakedAt, troubled] = await Promise.all([
    Promise.all(QUEUE_NAMES.map(async (queue) => [queue, await ports.queues.counts(queue)] as const)),
    ports.due.watermark(),
    ports.brakes.get('deployment'),
    countTroubled(ports),
  ]);
  return {
    queues: Object.fromEntries(counts) as Overview['queues'],
    oldestDueAt: await oldestDue(ports, watermark),
    sweptUntil: watermark === undefined ? undefined : watermark * MINUTE,
    brakedAt,
    troubled,
  };
}

/** Of the first minute of the due index that has any, from where sweep stands. */
async function oldestDue(ports: OverviewPorts, watermark: number | undefined): Promise<number | undefined> {
  const shards = await ports.due.shards();
  const thisMinute = Math.floor(ports.clock.now() / MINUTE);
  const first = watermark ?? thisMinute - BEFORE_SWEEP_MINUTES;
  const last = Math.min(thisMinute, first + Math.floor(MOST_PLACES / shards) - 1);
  for (let minute = first; minute <= last; minute += 1) {
    const pages = await Promise.all(
      Array.from({ length: shards }, (_, shard) => ports.due.page({ minute, shard }, undefined, ENTRIES)),
    );
    const due = await dueTimes(
      ports,
      pages.flatMap(({ entries }) => entries),
    );
    if (due.length > 0) return Math.min(...due);
  }
  return undefined;
}

/** Those that have passed, without deliveries that wait for a brake or for the slot of a rate limit. */
async function dueTimes({ deliveries, clock }: OverviewPorts, entries: readonly DueEntry[]): Promise<number[]> {
  const keys = entries.flatMap((entry) => (entry.kind === 'delivery' ? [entry.key] : []));
  const records = keys.length > 0 ? await deliveries.getMany(keys) : [];
  return records.flatMap((record) => {
    const { dueAt, statusReason, status } = record ?? {};
    const isWaiting = status === 'pending' || status === 'retrying' || status === 'parked';
    return isWaiting && statusReason === undefined && dueAt !== undefined && dueAt <= clock.now() ? [dueAt] : [];
  });
}
