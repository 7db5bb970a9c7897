import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import { ServiceFault } from '../../domain/errors.ts';
import { JUDGED_ANSWERS, SLOW_ANSWER_MS, SLOW_FOR_MS, isSlow, judgeSpeed } from '../../domain/slowness.ts';
import type { Ports } from '../../ports/ports.ts';

/** More endpoints than are slow at once; past that, the one that answered longest ago is forgotten. */
const MOST_WATCHED = 1000;

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
    if (renews) await unlessFaulty(ports, endpoint, () => noteSlow(ports, endpoint, noted?.slowSince));
    else if (speed === 'quick' && slowUntil > now)
      await unlessFaulty(ports, endpoint, () => noteQuick(ports, endpoint));
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

/** The attempt has been made and must be recorded, whether or not its speed can be noted. */
async function unlessFaulty({ log }: SpeedPorts, { tenantId, id }: Endpoint, write: () => Promise<void>) {
  try {
    await write();
  } catch (cause) {
    if (!(cause instanceof ServiceFault)) throw cause;
    log.error('endpoint.not-noted', cause, { tenant_id: tenantId, endpoint_id: id });
  }
}
