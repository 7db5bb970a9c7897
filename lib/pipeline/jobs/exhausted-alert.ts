import type { Delivery } from '../../domain/delivery.ts';
import { deliveryId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { ALERT_INTERVAL } from '../../domain/times.ts';
import { markTold, untoldOf } from './exhausted-list.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { type AlertTools, tell, waitForTurn } from './tell.ts';

/** After this long, the index of deliveries shows what was exhausted before. */
const SECOND_LOOK_SECONDS = 600;

/** Where a job has come to in a round, as its cursor keeps it. Times are milliseconds since the Unix epoch. */
interface Round {
  /** When it began. */
  at: number;
  /** Since when deliveries were exhausted that it tells of. */
  since: number;
  /** It has looked once and found nothing. */
  isSecondLook?: true;
  /** When it told, and until when the deliveries were exhausted that it told of: they are being marked. */
  told?: { at: number; until: number };
}

/**
 * Tells of the exhausted deliveries of an endpoint, with their number: at once of the first, and from then on once an
 * hour of what was exhausted since. A round takes the note (`since`) away before it counts, so that a delivery that is
 * exhausted meanwhile leaves another one; the job ends only when an hour has left none.
 */
export function workExhaustedAlert(tools: AlertTools, job: Job): Promise<PageResult> {
  if (job.cursor === undefined) return beginRound(tools, job);
  const round = JSON.parse(job.cursor) as Round;
  return round.told ? markRound(tools, job, round.since, round.told) : tellRound(tools, job, round);
}

async function beginRound({ ports }: AlertTools, { tenantId, alert }: Job): Promise<PageResult> {
  const now = ports.clock.now();
  if (alert?.since === undefined) return FINISHED;
  const turn = await waitForTurn(ports, tenantId);
  if (turn !== undefined) return { processed: 0, done: false, nextInSeconds: 0, checkAt: turn };
  return { ...goingOn({ at: now, since: alert.since }), alert: {}, keptFrom: now };
}

async function tellRound(tools: AlertTools, job: Job, round: Round): Promise<PageResult> {
  const { clock, endpoints } = tools.ports;
  const endpoint = await endpoints.get(job.tenantId, job.endpointId ?? '');
  if (!endpoint) return FINISHED;
  const { deliveries, more } = await untoldOf(tools.ports, job, round.since);
  const [first] = deliveries;
  if (!first && round.isSecondLook) return asleep(clock.now());
  if (!first) return { ...goingOn({ ...round, isSecondLook: true }), nextInSeconds: SECOND_LOOK_SECONDS };
  const latest = deliveries.reduce((one, other) => (other.updatedAt > one.updatedAt ? other : one), first);
  const facts = { count: deliveries.length, more, latest: factsOf(latest) };
  const to = await tell(tools, job, { type: 'postrider.delivery.exhausted', at: round.at, endpoint, facts });
  const now = clock.now();
  const next = to > 0 ? goingOn({ ...round, told: { at: now, until: latest.updatedAt } }) : asleep(now);
  return { ...next, processed: deliveries.length };
}

/** Each delivery says that it was told. */
async function markRound(
  { ports }: AlertTools,
  job: Job,
  since: number,
  { at: sentAt, until }: NonNullable<Round['told']>,
): Promise<PageResult> {
  await markTold(ports, job, { since, until }, { sentAt });
  return asleep(ports.clock.now());
}

function goingOn(round: Round): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, cursor: JSON.stringify(round) };
}

/** Until the next alert may come. */
function asleep(now: number): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt: now + ALERT_INTERVAL };
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
