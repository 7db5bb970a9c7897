import { dialectOf } from '../../dialects/index.ts';
import { breakerTrips } from '../../domain/circuit-breaker.ts';
import type { MadeAttempt } from '../../domain/delivery-changes/results.ts';
import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import { JUDGED_ANSWERS, SLOW_ANSWER_MS, SLOW_FOR_MS, isSlow, judgeSpeed } from '../../domain/slowness.ts';
import type { Ports } from '../../ports/ports.ts';
import { loggingFaults } from '../delivery/logging-faults.ts';
import { type ChangePorts, changeStatus } from './change-status.ts';

/** More endpoints than are slow at once; past that, the one that answered longest ago is forgotten. */
const MOST_WATCHED = 1000;

/** An endpoint as it was tried. */
interface TriedEndpoint {
  endpoint: Endpoint;
  health: EndpointHealth | undefined;
}

/** What applying an outcome takes. */
export interface EndpointTools {
  ports: ChangePorts & Pick<Ports, 'health'>;
  noteSpeed: NoteSpeed;
}

/**
 * What an answer does to its endpoint: failures are counted, the breaker may pause it, a 410 may disable it, and slow
 * answers mark it as slow. A healthy endpoint costs nothing. When the store fails, the endpoint stays as it is: the
 * attempt has been made and must be recorded, and the next one has the same effect.
 * @returns whether the customer's answer has shut the endpoint
 */
export async function applyOutcomeToEndpoint(
  { ports, noteSpeed }: EndpointTools,
  tried: TriedEndpoint,
  attempt: MadeAttempt,
): Promise<boolean> {
  const isHealthy = attempt.outcome.success && !tried.health?.consecutiveFailures;
  const shut = isHealthy ? false : await noting(ports, tried.endpoint, () => apply(ports, tried, attempt));
  await noteSpeed(tried.endpoint, tried.health, attempt.outcome.durationMs);
  return shut ?? false;
}

async function apply(
  ports: ChangePorts & Pick<Ports, 'health'>,
  { endpoint }: TriedEndpoint,
  { outcome, startedAt }: MadeAttempt,
): Promise<boolean> {
  const note = {
    tenantId: endpoint.tenantId,
    endpointId: endpoint.id,
    generation: endpoint.generation,
    at: startedAt,
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
  };
  if (outcome.success) {
    await ports.health.clearFailures(note);
    return false;
  }
  const { goneDisables, breaker } = dialectOf(endpoint);
  if (outcome.gone && goneDisables) {
    const { tenantId, id, generation } = endpoint;
    if (!(await changeStatus(ports, tenantId, id, 'gone', generation))) return false;
    ports.log.warn('endpoint.gone', { tenant_id: endpoint.tenantId, endpoint_id: endpoint.id });
    return true;
  }
  if (!outcome.countsForBreaker && !breaker.countsTooManyRequests) return false;
  const counted = await ports.health.countFailure(note);
  const isOn = endpoint.circuitBreaker ?? breaker.on;
  if (isOn && breakerTrips(counted, ports.clock.now(), breaker)) await trip(ports, endpoint);
  return false;
}

/** Pauses the endpoint that was tried; one that has changed since starts a new count. */
async function trip(ports: ChangePorts, endpoint: Endpoint): Promise<void> {
  if (endpoint.status !== 'active') return;
  const tripped = await changeStatus(ports, endpoint.tenantId, endpoint.id, 'trip', endpoint.generation);
  if (tripped) ports.log.warn('endpoint.tripped', { tenant_id: endpoint.tenantId, endpoint_id: endpoint.id });
}

/** Notes an endpoint as slow, or as quick again, by its last answers in this process. */
export type NoteSpeed = (endpoint: Endpoint, health: EndpointHealth | undefined, durationMs: number) => Promise<void>;

interface Watched {
  /** Of its last answers, milliseconds. */
  durations: readonly number[];
  /** When the note that it is slow ends; 0 without one. What was read before a request may not show it yet. */
  slowUntil: number;
}

type SpeedPorts = Pick<Ports, 'clock' | 'health' | 'log'>;

/**
 * Watches only endpoints that have had a slow answer or are noted as slow, and writes only when that changes, and to
 * renew a note that is half over: an endpoint that answers quickly costs no memory, no read and no write.
 */
export function createSpeedNotes(ports: SpeedPorts): NoteSpeed {
  const watched = new Map<string, Watched>();
  return async (endpoint, health, durationMs) => {
    const now = ports.clock.now();
    const noted = isSlow(endpoint, health, now) ? health : undefined;
    const key = `${endpoint.tenantId} ${endpoint.id} ${endpoint.generation}`;
    const before = watched.get(key);
    if (durationMs < SLOW_ANSWER_MS && !before && !noted) return;
    const durations = [...(before?.durations ?? []), durationMs].slice(-JUDGED_ANSWERS);
    const slowUntil = Math.max(before?.slowUntil ?? 0, noted?.slowUntil ?? 0);
    const speed = judgeSpeed(durations);
    const renews = speed === 'slow' && slowUntil - now < SLOW_FOR_MS / 2;
    watched.delete(key);
    if (speed !== 'quick') watch(watched, key, { durations, slowUntil: renews ? now + SLOW_FOR_MS : slowUntil });
    if (renews) await noting(ports, endpoint, () => noteSlow(ports, endpoint, noted?.slowSince));
    else if (speed === 'quick' && slowUntil > now) await noting(ports, endpoint, () => noteQuick(ports, endpoint));
  };
}

function watch(watched: Map<string, Watched>, key: string, one: Watched): void {
  watched.set(key, one);
  const [longestAgo] = watched.keys();
  if (watched.size > MOST_WATCHED && longestAgo !== undefined) watched.delete(longestAgo);
}

async function noteSlow({ clock, health, log }: SpeedPorts, endpoint: Endpoint, since?: number): Promise<void> {
  const now = clock.now();
  const { tenantId, id: endpointId, generation } = endpoint;
  await health.noteSlow({ tenantId, endpointId, generation, since: since ?? now, until: now + SLOW_FOR_MS });
  if (since === undefined) log.warn('endpoint.slow', { tenant_id: tenantId, endpoint_id: endpointId });
}

async function noteQuick({ health, log }: SpeedPorts, { tenantId, id: endpointId, generation }: Endpoint) {
  await health.clearSlow({ tenantId, endpointId, generation });
  log.info('endpoint.quick', { tenant_id: tenantId, endpoint_id: endpointId });
}

/** The attempt has been made and must be recorded, whether or not its effect on the endpoint can be noted. */
function noting<T>({ log }: Pick<Ports, 'log'>, { tenantId, id }: Endpoint, write: () => Promise<T>) {
  return loggingFaults(log, 'endpoint.not-noted', { tenant_id: tenantId, endpoint_id: id }, write);
}
