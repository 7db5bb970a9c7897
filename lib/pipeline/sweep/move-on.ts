import type { Delivery } from '../../domain/delivery.ts';
import { ServiceFault } from '../../domain/errors.ts';
import { postponedCheck } from '../../domain/times.ts';
import type { DueEntry } from '../../ports/due-index.ts';
import type { LogFields } from '../../ports/log.ts';
import { sendToRetries } from '../delivery/messages.ts';
import { type Checked, checkDelivery, checkJob } from './check.ts';
import type { SweepRun } from './run.ts';

type DeliveryEntry = Extract<DueEntry, { kind: 'delivery' }>;
type Read = { entry: DeliveryEntry; record: Delivery | undefined } | { entry: DeliveryEntry; cause: unknown };

/** Moves on those entries of a page whose time has come. An entry that fails keeps no other waiting; it throws nothing. */
export async function moveOn(run: SweepRun, page: readonly DueEntry[]): Promise<void> {
  const now = run.ports.clock.now();
  const entries = page.filter(({ checkAt }) => checkAt <= now);
  if (entries.length === 0) return;
  run.report.due += entries.length;
  const read = await readRecords(run, entries);
  const deliveries = read.map((one) => checked(run, one.entry, () => checkRead(run, one)));
  const jobs = entries.flatMap((entry) =>
    entry.kind === 'job' ? checked(run, entry, () => checkJob(run.ports, entry.tenantId, entry.jobId)) : [],
  );
  const [toSend] = await Promise.all([Promise.all(deliveries), Promise.all(jobs)]);
  await sendAll(
    run,
    toSend.filter((record) => record !== undefined),
  );
}

/** One read for all of them; when it fails, each is read alone, so that one that can't be read stops no other. */
async function readRecords(run: SweepRun, entries: readonly DueEntry[]): Promise<Read[]> {
  const some = entries.filter((entry) => entry.kind === 'delivery');
  if (some.length === 0) return [];
  const { deliveries } = run.ports;
  try {
    const records = await deliveries.getMany(some.map(({ key }) => key));
    return some.map((entry, index) => ({ entry, record: records[index] }));
  } catch (cause) {
    if (some.length === 1) return some.map((entry) => ({ entry, cause }));
    const alone = await Promise.all(some.map((entry) => readRecords(run, [entry])));
    return alone.flat();
  }
}

function checkRead(run: SweepRun, read: Read): Promise<Checked> {
  if ('cause' in read) throw read.cause;
  return checkDelivery(run, read.record);
}

/** @returns the record whose message must be sent */
async function checked(run: SweepRun, entry: DueEntry, check: () => Promise<Checked>): Promise<Delivery | undefined> {
  let cause: unknown;
  try {
    const { moved, toSend, overdueSince } = await check();
    if (overdueSince !== undefined) run.oldestDueAt = Math.min(run.oldestDueAt ?? overdueSince, overdueSince);
    if (moved) return toSend;
  } catch (thrown) {
    cause = thrown;
    run.ports.log.error('sweep.fault', cause, fieldsOf(entry));
  }
  if (mustPostpone(run, entry, cause)) await postpone(run, entry);
  return undefined;
}

/**
 * What a service's fault left behind is tried again at each run while its minute is read anyway, and what has not moved
 * may only look so in an index that lags. Whatever still stands in a settled minute would hold the watermark.
 */
function mustPostpone({ settledBefore }: SweepRun, { checkAt }: DueEntry, cause: unknown): boolean {
  return checkAt < settledBefore || (cause !== undefined && !(cause instanceof ServiceFault));
}

async function postpone({ ports, report }: SweepRun, entry: DueEntry): Promise<void> {
  const now = ports.clock.now();
  try {
    const until = await ports.due.postpone(entry, (checkAt) => postponedCheck(checkAt, now));
    if (until === undefined) return;
    report.postponed += 1;
    ports.log.warn('sweep.postponed', { ...fieldsOf(entry), until: new Date(until).toISOString() });
  } catch (cause) {
    ports.log.error('sweep.fault', cause, fieldsOf(entry));
  }
}

/** Their records have moved: when this fails, the next check sends them. */
async function sendAll({ ports, report }: SweepRun, records: readonly Delivery[]): Promise<void> {
  try {
    await sendToRetries(ports, records);
    report.resent += records.length;
  } catch (cause) {
    ports.log.error('sweep.fault', cause, { messages: records.length });
  }
}

function fieldsOf(entry: DueEntry): LogFields {
  const check = { check_at: new Date(entry.checkAt).toISOString() };
  if (entry.kind === 'job') return { tenant_id: entry.tenantId, job_id: entry.jobId, ...check };
  const { tenantId, endpointId, eventId, ordinal } = entry.key;
  return { tenant_id: tenantId, endpoint_id: endpointId, event_id: eventId, ordinal, ...check };
}
