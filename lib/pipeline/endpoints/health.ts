import { dialectNamed } from '../../dialects/index.ts';
import { breakerTrips } from '../../domain/circuit-breaker.ts';
import type { MadeAttempt } from '../../domain/delivery-results.ts';
import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import { ServiceFault } from '../../domain/errors.ts';
import type { FailureNote } from '../../ports/endpoint-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { type ChangePorts, changeStatus } from './change-status.ts';

/** An endpoint as it was tried. */
interface TriedEndpoint {
  endpoint: Endpoint;
  health: EndpointHealth | undefined;
}

/**
 * What an answer does to its endpoint: failures are counted, the breaker may pause it, a 410 may disable it. A healthy
 * endpoint costs nothing.
 * @returns whether the customer's answer has shut the endpoint
 */
export async function applyOutcomeToEndpoint(
  ports: ChangePorts & Pick<Ports, 'health'>,
  { endpoint, health }: TriedEndpoint,
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
    if (health?.consecutiveFailures) await clearFailures(ports, note);
    return false;
  }
  if (outcome.gone && dialectNamed(endpoint.dialect).goneDisables) {
    const { tenantId, id, generation } = endpoint;
    if (!(await changeStatus(ports, tenantId, id, 'gone', generation))) return false;
    ports.log.warn('endpoint.gone', { tenant_id: endpoint.tenantId, endpoint_id: endpoint.id });
    return true;
  }
  if (!outcome.countsForBreaker) return false;
  const counted = await ports.health.countFailure(note);
  if (breakerTrips(counted, ports.clock.now())) await trip(ports, endpoint);
  return false;
}

/** Pauses the endpoint that was tried; one that has changed since starts a new count. */
async function trip(ports: ChangePorts, endpoint: Endpoint): Promise<void> {
  if (endpoint.status !== 'active') return;
  const tripped = await changeStatus(ports, endpoint.tenantId, endpoint.id, 'trip', endpoint.generation);
  if (tripped) ports.log.warn('endpoint.tripped', { tenant_id: endpoint.tenantId, endpoint_id: endpoint.id });
}

/** The success itself must not be lost because its endpoint's count could not be cleared: the next one clears it. */
async function clearFailures(ports: Pick<Ports, 'health' | 'log'>, note: FailureNote): Promise<void> {
  try {
    await ports.health.clearFailures(note);
  } catch (cause) {
    if (!(cause instanceof ServiceFault)) throw cause;
    ports.log.error('endpoint.not-cleared', cause, { tenant_id: note.tenantId, endpoint_id: note.endpointId });
  }
}
