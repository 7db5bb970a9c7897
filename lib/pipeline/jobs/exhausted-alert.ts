import type { Delivery } from '../../domain/delivery.ts';
import { deliveryId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { isReservedType } from '../../domain/event-type.ts';
import { ALERT_INTERVAL } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAt, placeOf } from './place.ts';
import { type AlertTools, tell, waitForTurn } from './tell.ts';

const PAGE = 100;
/** Of an endpoint's newest exhausted deliveries, so many are looked at to be counted. */
const MOST_COUNTED = 500;
/** After this long, the index of deliveries shows what was exhausted before. */
const SECOND_LOOK_SECONDS = 600;

/** A round: when it began, from when on deliveries were exhausted, and which look it is at. Times are milliseconds. */
type Round = [at: number, since: number, look: 1 | 2];

/**
 * Tells of the exhausted deliveries of an endpoint, with their number: at once of the first, and from then on once an
 * hour of what was exhausted since. A round takes the note (`since`) away before it counts, so that a delivery that is
 * exhausted meanwhile leaves another one; the job ends only when an hour has left none.
 */
export function workExhaustedAlert(tools: AlertTools, job: Job): Promise<PageResult> {
  const [at, since, look] = placeOf<Round | [0, 0, 0]>(job, [0, 0, 0]);
  return look === 0 ? beginRound(tools, job) : workRound(tools, job, [at, since, look]);
}

async function beginRound({ ports }: AlertTools, { tenantId, alert }: Job): Promise<PageResult> {
  const now = ports.clock.now();
  if (alert?.since === undefined) return FINISHED;
  const turn = await waitForTurn(ports, tenantId);
  if (turn !== undefined) return { processed: 0, done: false, nextInSeconds: 0, checkAt: turn };
  const cursor = cursorAt<Round>([now, alert.since, 1]);
  return { processed: 0, done: false, nextInSeconds: 0, cursor, alert: {}, keptFrom: now };
}

async function workRound(tools: AlertTools, job: Job, [at, since, look]: Round): Promise<PageResult> {
  const { clock, endpoints } = tools.ports;
  const endpoint = await endpoints.get(job.tenantId, job.endpointId ?? '');
  if (!endpoint) return FINISHED;
  const { deliveries, more } = await exhaustedSince(tools.ports, job, since);
  const [first] = deliveries;
  if (!first && look === 2) return asleep(clock.now());
  if (!first) return { ...goingOn([at, since, 2]), nextInSeconds: SECOND_LOOK_SECONDS };
  const latest = deliveries.reduce((one, other) => (other.updatedAt > one.updatedAt ? other : one), first);
  const facts = { count: deliveries.length, more, latest: factsOf(latest) };
  await tell(tools, job, { type: 'postrider.delivery.exhausted', at, endpoint, facts });
  return { ...asleep(clock.now()), processed: deliveries.length };
}

function goingOn(round: Round): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, cursor: cursorAt(round) };
}

/** Until the next alert may come. */
function asleep(now: number): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt: now + ALERT_INTERVAL };
}

/** @returns `more`: there may be others among older events */
async function exhaustedSince(
  { deliveries }: Pick<Ports, 'deliveries'>,
  { tenantId, endpointId = '' }: Job,
  since: number,
): Promise<{ deliveries: Delivery[]; more: boolean }> {
  const found: Delivery[] = [];
  let cursor: string | undefined;
  for (let looked = 0; looked < MOST_COUNTED; looked += PAGE) {
    const page = await deliveries.pageByStatus({
      tenantId,
      endpointId,
      status: 'exhausted',
      order: 'newest-first',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.deliveries.filter((delivery) => isToldOf(delivery) && delivery.updatedAt >= since));
    cursor = page.next;
    if (cursor === undefined) return { deliveries: found, more: false };
  }
  return { deliveries: found, more: true };
}

/** The index may lag: it decides by the record that it was read with. */
function isToldOf({ status, eventType, isTest }: Delivery): boolean {
  return status === 'exhausted' && !isTest && !isReservedType(eventType);
}

function factsOf(delivery: Delivery): Record<string, unknown> {
  const { statusCode = null, errorKind = null, errorMessage = null } = delivery.attempts.at(-1) ?? {};
  return {
    delivery_id: deliveryId(delivery),
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    attempts: delivery.attempts.length,
    status_code: statusCode,
    error_kind: errorKind,
    error_message: errorMessage,
  };
}
