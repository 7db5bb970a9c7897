import { moveOn } from './move-on.ts';
import { type SweepPorts, type SweepReport, type SweepRun, beginRun } from './run.ts';

const MINUTE = 60_000;
/** The watermark passes a minute only when that is empty and older than this: the index lags behind the records. */
const SETTLED_MINUTES = 20;
/** Each day the last 15 days are read again, in equal parts, one part a minute. */
const DAY_MINUTES = 1440;
const LOOK_BACK_DAYS = 15;
/** A watermark that is this far back is reported. */
const BEHIND_MINUTES = 45;
/** A delivery that waits for nothing and is this overdue is reported: sweep sends its message again each 15 minutes. */
const OVERDUE_SECONDS = 35 * 60;
/** Entries that all shards together read at once, and the limits of one shard's share. */
const ENTRIES_AT_ONCE = 400;
const SMALLEST_PAGE = 10;
const LARGEST_PAGE = 100;

/**
 * Moves on what stands unfinished in the due index (invariant 5); safe to run twice at once. Every shard is swept on its
 * own: its backlog from the watermark on, its last minutes, and a part of the past, all at the same time, so that neither
 * an old backlog nor a busy present keeps the other waiting. It stops before its deadline and goes on from there at the
 * next run.
 * @param deadline milliseconds since the Unix epoch
 * @throws the first fault that ended a part of the run early; the other parts were swept
 */
export async function sweep(ports: SweepPorts, deadline: number): Promise<SweepReport> {
  const thisMinute = Math.floor(ports.clock.now() / MINUTE);
  const unsettled = thisMinute - SETTLED_MINUTES;
  const [stored, shards] = await Promise.all([ports.due.watermark(), ports.due.raiseShards()]);
  const from = stored ?? unsettled;
  const pageSize = Math.min(Math.max(Math.floor(ENTRIES_AT_ONCE / shards), SMALLEST_PAGE), LARGEST_PAGE);
  const run = beginRun(ports, { deadline, pageSize, settledBefore: unsettled * MINUTE });
  const past = minutesLookedBackAt(thisMinute).filter((minute) => minute < from);
  const passed = await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const [first] = await Promise.all([
        sweepBacklog(run, shard, from, unsettled),
        sweepMinutes(run, shard, minutesFrom(unsettled, thisMinute + 1)),
        sweepMinutes(run, shard, past),
      ]);
      return first;
    }),
  );
  // What fails to read them ends no other part.
  await Promise.all([run.brakes().catch(() => undefined), run.settings]);
  const watermark = Math.min(...passed);
  // The first watermark is stored: it must not follow the clock past entries that a stopped sweep left behind.
  if (watermark > from || stored === undefined) await ports.due.raiseWatermark(watermark);
  return report(run, thisMinute - watermark);
}

/** @throws what ended a part of the run early */
function report({ ports, report: done, oldestDueAt, faults }: SweepRun, lag: number): SweepReport {
  const overdue = oldestDueAt === undefined ? undefined : Math.round((ports.clock.now() - oldestDueAt) / 1000);
  if (done.due > 0) ports.log.info('sweep.done', { ...done, lag_minutes: lag, oldest_due_seconds: overdue });
  if (overdue !== undefined && overdue > OVERDUE_SECONDS)
    ports.log.warn('sweep.overdue', { oldest_due_seconds: overdue });
  if (lag > BEHIND_MINUTES) ports.log.warn('sweep.behind', { lag_minutes: lag, ...done });
  if (faults.length > 0) throw faults[0];
  return done;
}

const minutesFrom = (first: number, end: number) =>
  Array.from({ length: Math.max(end - first, 0) }, (_, index) => first + index);

/** This minute's part of the last 15 days: after 1,440 runs each minute of them was read. */
function minutesLookedBackAt(thisMinute: number): number[] {
  const start = thisMinute - LOOK_BACK_DAYS * DAY_MINUTES + (thisMinute % DAY_MINUTES) * LOOK_BACK_DAYS;
  // One more than its share, because the start of the 15 days moves on with the clock.
  return Array.from({ length: LOOK_BACK_DAYS + 1 }, (_, index) => start + index);
}

/** Sweeps a shard from the watermark on, oldest first. @returns the first minute that the watermark can't pass */
async function sweepBacklog(run: SweepRun, shard: number, from: number, end: number): Promise<number> {
  let watermark = from;
  for (let minute = from; minute < end; minute += 1) {
    const swept = await sweepMinute(run, shard, minute);
    if (swept === 'cut short') break;
    if (swept === 'empty' && watermark === minute) watermark = minute + 1;
  }
  return watermark;
}

async function sweepMinutes(run: SweepRun, shard: number, minutes: readonly number[]): Promise<void> {
  for (const minute of minutes) if ((await sweepMinute(run, shard, minute)) === 'cut short') return;
}

/** `empty` when the minute had no entries at all; `cut short` by the deadline, or by a service that fails. */
async function sweepMinute(run: SweepRun, shard: number, minute: number): Promise<'empty' | 'swept' | 'cut short'> {
  const { ports, deadline, pageSize, faults } = run;
  let cursor: string | undefined;
  let empty = true;
  try {
    do {
      if (ports.clock.now() >= deadline) return 'cut short';
      const page = await ports.due.page({ minute, shard }, cursor, pageSize);
      empty &&= page.entries.length === 0;
      await moveOn(run, page.entries);
      cursor = page.next;
    } while (cursor !== undefined);
  } catch (cause) {
    faults.push(cause);
    return 'cut short';
  }
  return empty ? 'empty' : 'swept';
}
