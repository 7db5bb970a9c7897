import type { Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import { runWhenDue } from '../../domain/delivery-changes/resends.ts';
import { transition } from '../../domain/delivery-state.ts';
import { STALE_OVERDUE } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToRetries } from '../delivery/messages.ts';

type RunPorts = Pick<Ports, 'clock' | 'deliveries' | 'queues'>;
type SummaryPorts = Pick<Ports, 'clock' | 'deliveries'>;

type ListedStatus = Exclude<DeliveryStatus, 'delivered'>;

const PAGE = 200;
/** How many deliveries of each status one call looks through, so that its time and its cost are bounded. */
const LOOK_THROUGH = 2000;
const WAITING = ['retrying', 'pending', 'parked'] as const;

export interface RunReport {
  /** Deliveries that were sent on their way. */
  processed: number;
  /** There may be more that are due: the limit was reached, or not all that wait were looked through. */
  more: boolean;
}

/**
 * Sends those of a tenant's waiting deliveries that are due; those that wait for a rate limit or a brake go by themselves.
 * A delivery that was sent after its due time, less than two minutes ago, is on its way and left alone: to raise its epoch
 * again and again would make each of its messages stale before it is received.
 * @param limit at most this many
 */
export async function runDueRetries(ports: RunPorts, tenantId: string, limit: number): Promise<RunReport> {
  const report: RunReport = { processed: 0, more: false };
  for (const status of WAITING) {
    let looked = 0;
    for await (const page of pagesOf(ports, tenantId, status)) {
      looked += page.length;
      const resent = await resendDue(ports, page, limit - report.processed);
      report.processed += resent;
      if (report.processed >= limit) return { ...report, more: true };
    }
    if (looked >= LOOK_THROUGH) report.more = true;
  }
  return report;
}

/** @returns how many were sent; the index may lag behind the records, so those decide */
async function resendDue(ports: RunPorts, listed: readonly Delivery[], limit: number): Promise<number> {
  const now = ports.clock.now();
  const records = listed.length > 0 ? await ports.deliveries.getMany(listed) : [];
  const due = records.filter((record) => record !== undefined).filter((record) => isDue(record, now));
  const written = await Promise.all(
    due.slice(0, limit).map((record) => ports.deliveries.writeUnlessSuperseded(runWhenDue(record, now))),
  );
  const resent = written.filter((record) => record !== undefined);
  await sendToRetries(ports, resent);
  return resent.length;
}

function isDue(record: Delivery, now: number): boolean {
  if (transition(record, 'run-due').action !== 'resend' || waitsForOthers(record)) return false;
  const { dueAt, updatedAt } = record;
  if (dueAt === undefined || dueAt > now) return false;
  return updatedAt < dueAt || now - updatedAt >= STALE_OVERDUE;
}

function waitsForOthers({ statusReason }: Delivery): boolean {
  return statusReason === 'rate_limited' || statusReason === 'braked';
}

/** What waits in a tenant. Times are milliseconds since the Unix epoch. */
export interface RetriesSummary {
  /** Recorded ones; those that wait for a rate limit are not among them. */
  counts: Record<'pending' | 'retrying' | 'parked' | 'exhausted', number>;
  rateLimited: number;
  held: number;
  /** How many of those counted should have gone by now, and since when the oldest. */
  due: number;
  oldestDueAt?: number;
  nextDueAt?: number;
  /** There are more than were counted. */
  capped: boolean;
}

/** Counts at most 2,000 deliveries of each status, from an index that may lag behind the records. */
export async function summarizeRetries(ports: SummaryPorts, tenantId: string): Promise<RetriesSummary> {
  const now = ports.clock.now();
  const read = (status: ListedStatus) => listOf(ports, tenantId, status);
  const [pending, retrying, parked, exhausted, held] = await Promise.all([
    read('pending'),
    read('retrying'),
    read('parked'),
    read('exhausted'),
    read('held'),
  ]);
  const lists = [pending, retrying, parked, exhausted, held];
  const waiting = [...pending, ...retrying, ...parked];
  const ownTime = waiting.filter(({ statusReason }) => statusReason !== 'rate_limited');
  const times = ownTime.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt !== undefined);
  const [due, coming] = [times.filter((at) => at <= now), times.filter((at) => at > now)];
  const count = (list: readonly Delivery[]) =>
    list.filter(({ statusReason }) => statusReason !== 'rate_limited').length;
  return {
    counts: { pending: count(pending), retrying: count(retrying), parked: count(parked), exhausted: exhausted.length },
    rateLimited: waiting.length - ownTime.length,
    held: held.length,
    due: due.length,
    ...(due.length > 0 && { oldestDueAt: Math.min(...due) }),
    ...(coming.length > 0 && { nextDueAt: Math.min(...coming) }),
    capped: lists.some((list) => list.length >= LOOK_THROUGH),
  };
}

async function listOf(ports: Pick<Ports, 'deliveries'>, tenantId: string, status: ListedStatus): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for await (const page of pagesOf(ports, tenantId, status)) all.push(...page);
  return all;
}

/** Oldest event first, up to the bound. */
async function* pagesOf(
  ports: Pick<Ports, 'deliveries'>,
  tenantId: string,
  status: ListedStatus,
): AsyncGenerator<Delivery[]> {
  let cursor: string | undefined;
  let looked = 0;
  do {
    const page = await ports.deliveries.pageByStatus({
      tenantId,
      status,
      order: 'oldest-first',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    looked += page.deliveries.length;
    cursor = page.next;
    yield page.deliveries;
  } while (cursor !== undefined && looked < LOOK_THROUGH);
}
