import type { DueEntry } from '../../ports/due-index.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToRetries } from '../delivery/messages.ts';
import { type CheckPorts, checkDelivery, checkJob } from './check.ts';

const MINUTE = 60_000;
const PAGE = 100;
/** The watermark passes a minute only when that is empty and this old: the index lags behind the records. */
const SETTLED_MINUTES = 20;
/** Each day the last 15 days are read again, in equal parts, one part a minute. */
const DAY_MINUTES = 1440;
const LOOK_BACK_DAYS = 15;

export type SweepPorts = CheckPorts & Pick<Ports, 'due'>;

export interface SweepReport {
  /** Entries of the due index whose time had come. */
  due: number;
  resent: number;
}

/**
 * Moves on what stands unfinished in the due index (invariant 5); safe to run twice at once. It stops before its deadline
 * and goes on from there at the next run.
 * @param deadline milliseconds since the Unix epoch
 */
export async function sweep(ports: SweepPorts, deadline: number): Promise<SweepReport> {
  const report: SweepReport = { due: 0, resent: 0 };
  const thisMinute = Math.floor(ports.clock.now() / MINUTE);
  const stored = await ports.due.watermark();
  const from = stored ?? thisMinute - SETTLED_MINUTES;
  let watermark = from;
  for (let minute = from; minute <= thisMinute; minute += 1) {
    const empty = await sweepMinute(ports, minute, deadline, report);
    const settled = empty && minute < thisMinute - SETTLED_MINUTES;
    if (settled && watermark === minute) watermark = minute + 1;
  }
  // The first watermark is stored: it must not follow the clock past entries that a stopped sweep left behind.
  if (watermark > from || stored === undefined) await ports.due.raiseWatermark(watermark);
  for (const minute of minutesLookedBackAt(thisMinute)) {
    if (minute < from) await sweepMinute(ports, minute, deadline, report);
  }
  if (report.due > 0) ports.log.info('sweep.done', { due: report.due, resent: report.resent });
  return report;
}

/** This minute's part of the last 15 days: after 1,440 runs each minute of them was read. */
function minutesLookedBackAt(thisMinute: number): number[] {
  const start = thisMinute - LOOK_BACK_DAYS * DAY_MINUTES + (thisMinute % DAY_MINUTES) * LOOK_BACK_DAYS;
  // One more than its share, because the start of the 15 days moves on with the clock.
  return Array.from({ length: LOOK_BACK_DAYS + 1 }, (_, index) => start + index);
}

/** True when the minute had no entries at all. */
async function sweepMinute(ports: SweepPorts, minute: number, deadline: number, report: SweepReport): Promise<boolean> {
  let cursor: string | undefined;
  let empty = true;
  do {
    if (ports.clock.now() >= deadline) return false;
    const page = await ports.due.page(minute, cursor, PAGE);
    empty &&= page.entries.length === 0;
    const now = ports.clock.now();
    await sweepEntries(
      ports,
      page.entries.filter(({ checkAt }) => checkAt <= now),
      report,
    );
    cursor = page.next;
  } while (cursor !== undefined);
  return empty;
}

async function sweepEntries(ports: SweepPorts, entries: readonly DueEntry[], report: SweepReport): Promise<void> {
  report.due += entries.length;
  const keys = entries.filter((entry) => entry.kind === 'delivery').map(({ key }) => key);
  const records = keys.length > 0 ? await ports.deliveries.getMany(keys) : [];
  const resent = await Promise.all(
    records.map((record) => record && guarded(ports, () => checkDelivery(ports, record))),
  );
  const toSend = resent.filter((record) => record !== undefined);
  await guarded(ports, () => sendToRetries(ports, toSend));
  report.resent += toSend.length;
  for (const entry of entries) {
    if (entry.kind === 'job') await guarded(ports, () => checkJob(ports, entry.tenantId, entry.jobId));
  }
}

/** One entry that fails must not keep the others waiting: it is still in the index, and its turn comes again. */
async function guarded<T>(ports: Pick<Ports, 'log'>, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    ports.log.error('sweep.fault', cause);
    return undefined;
  }
}
