import type { Delivery } from '../../domain/delivery.ts';
import { type AlertResult, alerted } from '../../domain/delivery-changes/dead-letters.ts';
import { transition } from '../../domain/delivery-state.ts';
import { isReservedType } from '../../domain/event-type.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';

type ListPorts = Pick<Ports, 'deliveries'>;

const PAGE = 100;
/** Of an endpoint's newest exhausted deliveries, so many are looked at. */
const MOST_LOOKED_AT = 500;

/** When they were exhausted: milliseconds since the Unix epoch. */
interface Span {
  since: number;
  until: number;
}

/**
 * The exhausted deliveries of an endpoint that no alert has told of, newest event first.
 * @param since when they were exhausted: then or later, milliseconds since the Unix epoch
 * @returns `more`: there may be others, of older events
 */
export async function untoldOf(
  ports: ListPorts,
  job: Job,
  since: number,
): Promise<{ deliveries: Delivery[]; more: boolean }> {
  const found: Delivery[] = [];
  let hasNext = false;
  for await (const page of newestOf(ports, job)) {
    found.push(...page.deliveries.filter((one) => isUntold(one, { since, until: Number.POSITIVE_INFINITY })));
    hasNext = page.next !== undefined;
  }
  return { deliveries: found, more: hasNext };
}

/** Notes in each of those deliveries what became of their alert. Repeating it changes nothing. */
export async function markTold(ports: ListPorts, job: Job, span: Span, result: AlertResult): Promise<void> {
  for await (const { deliveries } of newestOf(ports, job)) {
    const untold = deliveries.filter((one) => isUntold(one, span));
    await Promise.all(untold.map((one) => changeRecord(ports, one, (present) => marked(present, span, result))));
  }
}

function marked(present: Delivery, span: Span, result: AlertResult) {
  const isMeant = transition(present, 'alerted').action === 'note-alert' && isUntold(present, span);
  return isMeant ? alerted(present, result) : undefined;
}

/** The index may lag behind the records, so those decide: what is read with it. */
function isUntold(delivery: Delivery, { since, until }: Span): boolean {
  const { status, eventType, isTest, alertSentAt, alertError, updatedAt } = delivery;
  const isTold = alertSentAt !== undefined || alertError !== undefined;
  const isMeant = status === 'exhausted' && !isTest && !isReservedType(eventType);
  return isMeant && !isTold && updatedAt >= since && updatedAt <= until;
}

async function* newestOf({ deliveries }: ListPorts, { tenantId, endpointId = '' }: Job) {
  let cursor: string | undefined;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += PAGE) {
    const page = await deliveries.pageByStatus({
      tenantId,
      endpointId,
      status: 'exhausted',
      order: 'newest-first',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    yield page;
    cursor = page.next;
    if (cursor === undefined) return;
  }
}
