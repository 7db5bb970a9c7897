import type { Delivery } from '../../domain/delivery.ts';
import { deliveryId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { ALERT_INTERVAL } from '../../domain/times.ts';
import { markTold, untoldOf } from './exhausted-list.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { type Pending, pendingOf, sendOn } from './send-on.ts';
import { type Alert, type AlertTools, tell, waitForTurn } from './tell.ts';

/** After this long, the index of deliveries shows what was exhausted before. */
const SECOND_LOOK_SECONDS = 600;

interface Told {
  /** When an endpoint was sent the event; absent: none asks for it. */
  at?: number;
  /** Until when the deliveries were exhausted that it told of. */
  until: number;
  /** Not yet sent on. */
  pending?: Pending;
  /** Why it could not be sent on. */
  error?: string;
}

/** Where a job has come to in a round, as its cursor keeps it. Times are milliseconds since the Unix epoch. */
interface Round {
  /** When it began. */
  at: number;
  /** Since when deliveries were exhausted that it tells of. */
  since: number;
  /** It has looked once and found nothing. */
  isSecondLook?: true;
  /** It has told: the alert is sent on, and then the deliveries are marked. */
  told?: Told;
}

/**
 * Tells of the exhausted deliveries of an endpoint, with their number: at once of the first, and from then on once an
 * hour of what was exhausted since. A round takes the note (`since`) away before it counts, so that a delivery that is
 * exhausted meanwhile leaves another one; the job ends only when an hour has left none.
 */
export function workExhaustedAlert(tools: AlertTools, job: Job): Promise<PageResult> {
  if (job.cursor === undefined) return beginRound(tools, job);
  const round = JSON.parse(job.cursor) as Round;
  if (!round.told) return tellRound(tools, job, round);
  const { pending } = round.told;
  return pending ? sendRound(tools, round, round.told, pending) : markRound(tools, job, round.since, round.told);
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
  const alert: Alert = { type: 'postrider.delivery.exhausted', at: round.at, endpoint, facts };
  const to = await tell(tools, job, alert);
  const now = clock.now();
  const pending = pendingOf(tools, job, alert);
  const told: Told = { ...(to > 0 && { at: now }), until: latest.updatedAt, ...(pending && { pending }) };
  const next = to > 0 || pending ? goingOn({ ...round, told }) : asleep(now);
  return { ...next, processed: deliveries.length };
}

async function sendRound(tools: AlertTools, round: Round, told: Told, pending: Pending): Promise<PageResult> {
  const sent = await sendOn(tools, pending);
  if (sent.kind === 'again') {
    return { ...goingOn({ ...round, told: { ...told, pending: sent.pending } }), checkAt: sent.at };
  }
  const { pending: _, ...rest } = told;
  const { error, isTaken } = sent;
  const now = tools.ports.clock.now();
  const at = told.at ?? (isTaken ? now : undefined);
  if (at === undefined && error === undefined) return asleep(now);
  return goingOn({
    ...round,
    told: { ...rest, ...(at !== undefined && { at }), ...(error !== undefined && { error }) },
  });
}

/** Each delivery says that it was told, and what went wrong with that. */
async function markRound(
  { ports }: AlertTools,
  job: Job,
  since: number,
  { at: sentAt, until, error }: Told,
): Promise<PageResult> {
  await markTold(
    ports,
    job,
    { since, until },
    { ...(sentAt !== undefined && { sentAt }), ...(error !== undefined && { error }) },
  );
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
