import type { Delivery } from '../../domain/delivery.ts';
import { transition, waitingStatus } from '../../domain/delivery-state.ts';
import { writeJobMessage } from '../../domain/message.ts';
import type { DueEntry } from '../../ports/due-index.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToExhausted } from '../dispatch/dead-letter.ts';
import { abandonRecord } from '../dispatch/hold.ts';
import { sendNow } from '../dispatch/retry.ts';
import { BRAKE_CHECK, CHECK_GRACE, JOB_CHECK } from '../delivery/times.ts';

const MINUTE = 60_000;
const PAGE = 100;
/** The watermark passes a minute only when that is empty and this old: the index lags behind the records. */
const SETTLED_MINUTES = 20;
/** Once a day everything since 15 days is read again, in equal parts, one a minute. */
const DAY_MINUTES = 1440;
const LOOK_BACK_DAYS = 15;

/** What sweep uses of the world. */
export type SweepPorts = Pick<Ports, 'clock' | 'log' | 'brakes' | 'deliveries' | 'due' | 'jobs' | 'queues'>;

export interface SweepReport {
  /** Entries of the due index whose time had come. */
  due: number;
  resent: number;
}

/**
 * Moves on what stands unfinished in the due index (C6); safe to run twice at once. It stops before its deadline and
 * goes on from there at the next run.
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
  // The first one is kept as it is: it must not move on with the clock past what a stopped sweep left behind.
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
  // One more than its share: as the clock moves on, so does the beginning of the fifteen days.
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
  await guarded(ports, () => sendNow(ports, toSend));
  report.resent += toSend.length;
  for (const entry of entries) {
    if (entry.kind === 'job') await guarded(ports, () => checkJob(ports, entry.tenantId, entry.jobId));
  }
}

/** One entry that fails must not keep the others waiting: it stands in the index still, and its turn comes again. */
async function guarded<T>(ports: SweepPorts, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    ports.log.error('sweep.fault', cause);
    return undefined;
  }
}

/**
 * Answers the record whose message must be sent, of its new epoch; the index may lag, so the record decides. What is
 * superseded stands in the index as another left it, and the next sweep comes to it.
 */
async function checkDelivery(ports: SweepPorts, record: Delivery): Promise<Delivery | undefined> {
  const now = ports.clock.now();
  if (record.checkAt === undefined || record.checkAt > now) return undefined;
  const { act } = transition(record, 'checked');
  if (act === 'resend')
    return (await isStillBraked(ports, record)) ? stayParked(ports, record, now) : resend(ports, record, now);
  if (act === 'dead-letter' && record.dlqPending) await deadLetterAgain(ports, record, now);
  if (act === 'expire' && (await abandonRecord(ports, record, 'expired'))) {
    ports.log.warn('sweep.expired', {
      tenant_id: record.tenantId,
      endpoint_id: record.endpointId,
      event_id: record.eventId,
    });
  }
  return undefined;
}

async function isStillBraked(ports: SweepPorts, { statusReason, tenantId }: Delivery): Promise<boolean> {
  if (statusReason !== 'braked') return false;
  const set = await Promise.all([ports.brakes.get('deployment'), ports.brakes.get({ tenantId })]);
  return set.some((at) => at !== undefined);
}

/** No message while the brake is set: just a later look (E3). */
async function stayParked(ports: SweepPorts, record: Delivery, now: number): Promise<undefined> {
  const next = { ...record, checkAt: now + BRAKE_CHECK, updatedAt: now };
  await ports.deliveries.writeUnlessSuperseded(next);
}

/** Moves `checkAt`, never `dueAt`: a delivery that keeps its schedule through a lost message. */
async function resend(ports: SweepPorts, record: Delivery, now: number): Promise<Delivery | undefined> {
  const checkAt = Math.max(now, record.dueAt ?? now) + CHECK_GRACE;
  const next: Delivery = { ...record, status: waitingStatus(record), epoch: record.epoch + 1, checkAt, updatedAt: now };
  return ports.deliveries.writeUnlessSuperseded(next);
}

async function deadLetterAgain(ports: SweepPorts, record: Delivery, now: number): Promise<void> {
  const next: Delivery = { ...record, epoch: record.epoch + 1, checkAt: now + CHECK_GRACE, updatedAt: now };
  const written = await ports.deliveries.writeUnlessSuperseded(next);
  if (written) await sendToExhausted(ports, written);
}

async function checkJob(ports: SweepPorts, tenantId: string, jobId: string): Promise<void> {
  const now = ports.clock.now();
  const job = await ports.jobs.get(tenantId, jobId);
  if (job?.checkAt === undefined || job.checkAt > now) return;
  const moved = { ...job, checkAt: now + JOB_CHECK, updatedAt: now };
  if (!(await ports.jobs.replaceIfStep(moved, job.step))) return;
  await ports.queues.send('jobs', [{ body: writeJobMessage({ tenantId, jobId, step: job.step }), group: tenantId }]);
}
