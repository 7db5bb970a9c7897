import type { Endpoint } from '../../domain/endpoint.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import { readOutcome } from '../../domain/outcome.ts';
import { DEADLINE_MARGIN } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { request } from '../delivery/request.ts';
import type { ChangePorts } from '../endpoints/change-status.ts';
import { type NoteSpeed, applyOutcomeToEndpoint } from '../endpoints/health.ts';
import type { PipelineSettings } from '../settings.ts';
import { abandonAsGone } from './no-attempt.ts';
import { type ResultTools, recordResult } from './result.ts';
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
  const { result, startedAt, signedWith } = sent;
  const outcome = readOutcome(result, ports.clock.now());
  const bytes = !outcome.success && result.kind === 'answer' && result.body.length > 0 ? result.body : undefined;
  const recorded = await recordResult(tools, { visit, event, endpoint, outcome, startedAt, signedWith }, bytes);
  const shut = await applyOutcomeToEndpoint(ports, { endpoint, health }, { outcome, startedAt });
  await tools.noteSpeed(endpoint, health, outcome.durationMs);
  if (!recorded) return 'reread';
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
