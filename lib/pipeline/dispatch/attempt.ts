import { dialectNamed } from '../../dialects/index.ts';
import type { RenderedRequest } from '../../dialects/dialect.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../domain/ids.ts';
import { type Outcome, type SendResult, readOutcome } from '../../domain/outcome.ts';
import type { Ports } from '../../ports/ports.ts';
import { noteOutcome } from '../endpoints/health.ts';
import type { PressureGauge } from './pressure.ts';
import { recordResult } from './record-result.ts';
import { openSecrets } from '../endpoints/secrets.ts';
import type { PipelineSettings } from '../settings.ts';
import { DEADLINE_MARGIN, READ_IS_FRESH } from '../delivery/times.ts';
import type { DispatchPorts, Verdict, Visit } from './visit.ts';

/** What an attempt needs besides its visit. */
export interface Attempting {
  ports: DispatchPorts;
  settings: PipelineSettings;
  pressure: PressureGauge;
}

/** An attempt that was made, on its way into the record. */
export interface MadeAttempt {
  visit: Visit;
  event: Event;
  endpoint: Endpoint;
  startedAt: number;
  outcome: Outcome;
  responseBody: Uint8Array | undefined;
}

/**
 * Makes one request for a delivery and records what came of it. `reread`: what was read is too old to act on, or has
 * been superseded.
 */
export async function attempt(attempting: Attempting, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports, settings } = attempting;
  const { event, endpoint } = visit.snapshot;
  if (!event || !endpoint) throw new Error('An attempt needs its event and its endpoint.');
  const latestStart = visit.deadline - DEADLINE_MARGIN - endpoint.timeoutSeconds * 1000;
  if (ports.clock.now() > latestStart) return giveBack(ports, visit);

  const sent = await request(ports, visit, settings.keptResponseBytes);
  if (sent === 'stale') return 'reread';
  const { result, startedAt } = sent;
  const outcome = readOutcome(result, ports.clock.now());
  const responseBody = !outcome.success && result.kind === 'answer' && result.body.length > 0 ? result.body : undefined;
  const made: MadeAttempt = { visit, event, endpoint, startedAt, outcome, responseBody };
  const shut = await noteOutcome(ports, made);
  return recordResult(attempting, made, shut);
}

/** What a request is made of. */
export type Request = Pick<Visit, 'snapshot' | 'readAt'> & { pointer: DeliveryKey };

/**
 * Renders, signs and sends. `stale`: the endpoint was read too long ago, and nothing was sent: pause, disable, revoke
 * and delete act at once (D2).
 */
export async function request(
  ports: Pick<Ports, 'clock' | 'secrets' | 'sender'>,
  { pointer, snapshot, readAt }: Request,
  maxResponseBytes = 0,
): Promise<{ result: SendResult; startedAt: number } | 'stale'> {
  const { event, endpoint } = snapshot;
  if (!event || !endpoint) throw new Error('A request needs its event and its endpoint.');
  const rendered = await prepare(ports, pointer, event, endpoint);
  const startedAt = ports.clock.now();
  if (startedAt - readAt > READ_IS_FRESH) return 'stale';
  const timeoutMs = endpoint.timeoutSeconds * 1000;
  const result = await ports.sender.send({
    url: endpoint.url,
    method: 'POST',
    ...rendered,
    timeoutMs,
    maxResponseBytes,
  });
  return { result, startedAt };
}

async function prepare(
  ports: Pick<Ports, 'clock' | 'secrets'>,
  pointer: DeliveryKey,
  event: Event,
  endpoint: Endpoint,
): Promise<RenderedRequest> {
  const now = ports.clock.now();
  const secrets = await openSecrets(ports.secrets, endpoint, now);
  const rendered = await dialectNamed(endpoint.dialect).render({
    event,
    deliveryId: deliveryId({ ...pointer, ordinal: 0 }),
    url: endpoint.url,
    secrets,
    now,
  });
  return { body: rendered.body, headers: { ...endpoint.headers, ...rendered.headers } };
}

/** Too late to start: the message is visible again at once, for another invocation (C8). */
async function giveBack(ports: DispatchPorts, visit: Visit): Promise<Verdict> {
  await ports.queues.hide(visit.queue, visit.message, 0);
  return 'keep';
}
