import type { Endpoint } from '../../domain/endpoint.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import { readOutcome } from '../../domain/outcome.ts';
import { DEADLINE_MARGIN } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToExhausted } from '../delivery/dead-letter.ts';
import { request } from '../delivery/request.ts';
import { type EndpointTools, applyOutcomeToEndpoint } from '../endpoints/health.ts';
import type { PipelineSettings } from '../settings.ts';
import { abandonAsGone } from './no-attempt.ts';
import type { Place } from './places.ts';
import { type Recorded, type ResultTools, recordResult } from './result.ts';
import type { Verdict, Visit } from './visit.ts';
import { comeBack } from './waiting.ts';

/** What an attempt needs besides its visit. */
export interface AttemptTools extends ResultTools, EndpointTools {
  ports: ResultTools['ports'] & EndpointTools['ports'] & Pick<Ports, 'secrets' | 'sender'>;
  settings: Pick<PipelineSettings, 'keptResponseBytes'>;
}

/**
 * Makes one request for a delivery and records its result: the record first, so that no crash repeats the request, then
 * its effect on the endpoint, then the message. `reread`: the reading is too old to act on, or has been superseded.
 */
export async function attempt(tools: AttemptTools, visit: Visit, place: Place): Promise<Verdict | 'reread'> {
  const { ports, settings } = tools;
  const { event, endpoint, health } = visit.snapshot;
  if (!event || !endpoint) throw new Error('An attempt needs its event and its endpoint.');
  if (ports.clock.now() > latestStart(visit, endpoint)) return giveBack(ports, visit);
  const sent = await request(ports, visit, settings.keptResponseBytes);
  // The customer has answered: what is left to do is ours, and others need not wait for it.
  place.leave();
  if (sent === 'stale') return 'reread';
  const { result, startedAt, signedWith } = sent;
  const outcome = readOutcome(result, ports.clock.now());
  const bytes = !outcome.success && result.kind === 'answer' && result.body.length > 0 ? result.body : undefined;
  const recorded = await recordResult(tools, { visit, event, endpoint, outcome, startedAt, signedWith }, bytes);
  const shut = await applyOutcomeToEndpoint(tools, { endpoint, health }, { outcome, startedAt });
  if (!recorded) return 'reread';
  const { record } = recorded;
  return shut && !isFinal(record.status) ? abandonAsGone(ports, visit, record) : followUp(ports, visit, recorded);
}

/** What becomes of the message of an attempt whose result is in the record. */
async function followUp(
  ports: Pick<Ports, 'clock' | 'queues' | 'deliveries' | 'jobs' | 'log'>,
  visit: Visit,
  { record, followUp: then }: Recorded,
): Promise<Verdict> {
  if (then === 'acknowledge') return 'acknowledge';
  if (then !== 'dead-letter') return comeBack(ports, visit, then, record);
  await sendToExhausted(ports, record);
  return 'acknowledge';
}

function latestStart({ deadline }: Visit, endpoint: Endpoint): number {
  return deadline - DEADLINE_MARGIN - endpoint.timeoutSeconds * 1000;
}

/** Too late to start: the message is visible again at once, for another invocation. */
async function giveBack(ports: Pick<Ports, 'queues'>, visit: Visit): Promise<Verdict> {
  await ports.queues.hide(visit.queue, visit.message, 0);
  return 'keep';
}
