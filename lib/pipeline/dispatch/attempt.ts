import { type Delivery, newRecord } from '../../domain/delivery.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { deliveryId } from '../../domain/ids.ts';
import { loggedUrl } from '../../domain/logged-url.ts';
import { readOutcome } from '../../domain/outcome.ts';
import { DEADLINE_MARGIN } from '../../domain/times.ts';
import type { ResponseBody } from '../../ports/delivery-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { request } from '../delivery/request.ts';
import type { ChangePorts } from '../endpoints/change-status.ts';
import { applyOutcomeToEndpoint } from '../endpoints/health.ts';
import type { NoteSpeed } from '../endpoints/speed.ts';
import type { PipelineSettings } from '../settings.ts';
import { type ResultTools, type Tried, resultOn } from './result.ts';
import type { Verdict, Visit } from './visit.ts';

/** What an attempt needs besides its visit. */
export interface AttemptTools extends ResultTools {
  ports: ChangePorts & Pick<Ports, 'secrets' | 'sender' | 'health' | 'deliveries'>;
  settings: Pick<PipelineSettings, 'keptResponseBytes'>;
  noteSpeed: NoteSpeed;
}

/**
 * Makes one request for a delivery and records its result: its effect on the endpoint first, then the record, then the
 * message. `reread`: the reading is too old to act on, or has been superseded.
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
  const shut = await applyOutcomeToEndpoint(ports, { endpoint, health }, { outcome, startedAt });
  await tools.noteSpeed(endpoint, health, outcome.durationMs);
  const bytes = !outcome.success && result.kind === 'answer' && result.body.length > 0 ? result.body : undefined;
  return recordResult(tools, { visit, event, endpoint, outcome, startedAt, shut }, bytes);
}

function latestStart({ deadline }: Visit, endpoint: Endpoint): number {
  return deadline - DEADLINE_MARGIN - endpoint.timeoutSeconds * 1000;
}

/** Too late to start: the message is visible again at once, for another invocation. */
async function giveBack(ports: Pick<Ports, 'queues'>, visit: Visit): Promise<Verdict> {
  await ports.queues.hide(visit.queue, visit.message, 0);
  return 'keep';
}

/**
 * Writes the result of an attempt in one conditional write, then does what follows from it. When the record has moved on
 * meanwhile, a success is written over every state but delivered; a failure only where no other attempt was counted and
 * the record is not final; anything else is a duplicate and dropped.
 */
async function recordResult(
  tools: AttemptTools,
  tried: Tried,
  bytes: Uint8Array | undefined,
): Promise<Verdict | 'reread'> {
  const { ports } = tools;
  const { visit, event, outcome } = tried;
  let record = visit.snapshot.record ?? newRecord(event, visit.pointer);
  const countedBefore = record.attempts.length;
  const body: ResponseBody | undefined = bytes && { attempt: countedBefore + 1, bytes };
  for (;;) {
    const result = await resultOn(tools, tried, record);
    if (!result) return dropDuplicate(ports, visit);
    const written = await ports.deliveries.writeUnlessSuperseded(result.next, body);
    if (written) {
      logAttempt(ports, tried, written);
      return result.follow(written);
    }
    record = (await ports.deliveries.get(visit.pointer)) ?? newRecord(event, visit.pointer);
    if (!outcome.success && record.attempts.length !== countedBefore) return dropDuplicate(ports, visit);
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
