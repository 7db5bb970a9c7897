import type { Delivery } from '../../domain/delivery.ts';
import { newRecord } from '../../domain/delivery-changes.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import { deliveryId } from '../../domain/ids.ts';
import { loggedUrl } from '../../domain/logged-url.ts';
import { readOutcome } from '../../domain/outcome.ts';
import { DEADLINE_MARGIN } from '../../domain/times.ts';
import type { ResponseBody } from '../../ports/delivery-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { request } from '../delivery/request.ts';
import type { ChangePorts } from '../endpoints/change-status.ts';
import { applyOutcomeToEndpoint } from '../endpoints/health.ts';
import type { PipelineSettings } from '../settings.ts';
import { abandonAsGone } from './no-attempt.ts';
import { type ResultTools, type Tried, resultOn } from './result.ts';
import type { NoteSpeed } from './speed.ts';
import type { Verdict, Visit } from './visit.ts';

/** What an attempt needs besides its visit. */
export interface AttemptTools extends ResultTools {
  ports: ChangePorts & Pick<Ports, 'secrets' | 'sender' | 'health' | 'deliveries'>;
  settings: Pick<PipelineSettings, 'keptResponseBytes'>;
  noteSpeed: NoteSpeed;
}

/**
 * Makes one request for a delivery and records its result: the record first, so that no crash repeats the request, then
 * its effect on the endpoint, then the message. `reread`: the reading is too old to act on, or has been superseded.
 */
export async function attempt(tools: AttemptTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports, settings } = tools;
  const { event, endpoint, health } = visit.snapshot;
  if (!event || !endpoint) throw new Error('An attempt needs its event and its endpoint.');
  if (ports.clock.now() > latestStart(visit, endpoint)) return giveBack(ports, visit);
  const sent = await request(ports, visit, settings.keptResponseBytes);
  if (sent === 'stale') return 'reread';
  const { result, startedAt } = sent;
  const outcome = readOutcome(result, ports.clock.now());
  const bytes = !outcome.success && result.kind === 'answer' && result.body.length > 0 ? result.body : undefined;
  const recorded = await recordResult(tools, { visit, event, endpoint, outcome, startedAt }, bytes);
  const shut = await applyOutcomeToEndpoint(ports, { endpoint, health }, { outcome, startedAt });
  await tools.noteSpeed(endpoint, health, outcome.durationMs);
  if (!recorded) return dropDuplicate(ports, visit);
  return shut && !isFinal(recorded.record.status) ? abandonAsGone(ports, visit, recorded.record) : recorded.follow();
}

function latestStart({ deadline }: Visit, endpoint: Endpoint): number {
  return deadline - DEADLINE_MARGIN - endpoint.timeoutSeconds * 1000;
}

/** Too late to start: the message is visible again at once, for another invocation. */
async function giveBack(ports: Pick<Ports, 'queues'>, visit: Visit): Promise<Verdict> {
  await ports.queues.hide(visit.queue, visit.message, 0);
  return 'keep';
}

/** The record with an attempt's result, and what follows from that. */
interface Recorded {
  record: Delivery;
  follow: () => Promise<Verdict>;
}

/**
 * Writes the result of an attempt in one conditional write. When the record has moved on
 * meanwhile, a success is written over every state but delivered; a failure only where no other attempt was counted and
 * the record is not final; anything else is a duplicate.
 * @returns undefined for a duplicate
 */
async function recordResult(
  tools: AttemptTools,
  tried: Tried,
  bytes: Uint8Array | undefined,
): Promise<Recorded | undefined> {
  const { ports } = tools;
  const { visit, event, outcome } = tried;
  let record = visit.snapshot.record ?? newRecord(event, visit.pointer);
  const countedBefore = record.attempts.length;
  const body: ResponseBody | undefined = bytes && { attempt: countedBefore + 1, bytes };
  for (;;) {
    const result = await resultOn(tools, tried, record);
    if (!result) return undefined;
    const written = await ports.deliveries.writeUnlessSuperseded(result.next, body);
    if (written) {
      logAttempt(ports, tried, written);
      return { record: written, follow: () => result.follow(written) };
    }
    record = (await ports.deliveries.get(visit.pointer)) ?? newRecord(event, visit.pointer);
    if (!outcome.success && record.attempts.length !== countedBefore) return undefined;
  }
}

/** Another message has done it. What this one should do now is decided afresh. */
function dropDuplicate(ports: Pick<Ports, 'log'>, visit: Visit): 'reread' {
  ports.log.info('dispatch.duplicate', visit.fields);
  return 'reread';
}

function logAttempt(ports: Pick<Ports, 'log'>, { visit, event, endpoint, outcome }: Tried, record: Delivery): void {
  ports.log.info('dispatch.attempt', {
    ...visit.fields,
    delivery_id: deliveryId(record),
    event_type: event.type,
    url: loggedUrl(endpoint.url),
    status: record.status,
    status_code: outcome.statusCode,
    error_kind: outcome.errorKind,
    error_message: outcome.errorMessage,
    duration_ms: Math.round(outcome.durationMs),
    attempt_number: record.attempts.length,
    next_retry_at: record.dueAt && new Date(record.dueAt).toISOString(),
  });
}
