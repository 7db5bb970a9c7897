import { dialectOf } from '../../dialects/index.ts';
import { breakerTrips } from '../../domain/circuit-breaker.ts';
import type { MadeAttempt } from '../../domain/delivery-results.ts';
import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import { ServiceFault } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { type ChangePorts, changeStatus } from './change-status.ts';

/** An endpoint as it was tried. */
interface TriedEndpoint {
  endpoint: Endpoint;
  health: EndpointHealth | undefined;
}

/**
 * What an answer does to its endpoint: failures are counted, the breaker may pause it, a 410 may disable it. A healthy
 * endpoint costs nothing. When the store fails, the endpoint stays as it is: the attempt has been made and must be
 * recorded, and the next one has the same effect.
 * @returns whether the customer's answer has shut the endpoint
 */
export async function applyOutcomeToEndpoint(
  ports: ChangePorts & Pick<Ports, 'health'>,
  tried: TriedEndpoint,
  attempt: MadeAttempt,
): Promise<boolean> {
  try {
    return await apply(ports, tried, attempt);
  } catch (cause) {
    if (!(cause instanceof ServiceFault)) throw cause;
    const { tenantId, id } = tried.endpoint;
    ports.log.error('endpoint.not-noted', cause, { tenant_id: tenantId, endpoint_id: id });
    return false;
  }
}

async function apply(
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
    if (health?.consecutiveFailures) await ports.health.clearFailures(note);
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
