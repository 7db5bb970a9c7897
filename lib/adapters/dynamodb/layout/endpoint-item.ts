import type { Endpoint, EndpointHealth } from '../../../domain/endpoint.ts';
import { type AttributeNames, fromAttributes } from './attribute-names.ts';
import type { Item } from '../access/item.ts';

// An endpoint and its health are one item, so that dispatch reads both for one unit (docs/adr/0010). The endpoint is a map,
// which its changes replace as a whole. Its health is stored in attributes beside it, because an attribute can be set
// where there is none, but a path into a map only where the map exists. Neither changes what belongs to the other.

type Measured = Omit<EndpointHealth, 'tenantId' | 'endpointId'>;

const HEALTH: AttributeNames<Measured> = {
  generation: 'health_generation',
  consecutiveFailures: 'consecutive_failures',
  failingSince: 'failing_since',
  lastAttemptedAt: 'last_attempted_at',
  lastSuccessAt: 'last_success_at',
  lastStatusCode: 'last_status_code',
  slowGeneration: 'slow_generation',
  slowSince: 'slow_since',
  slowUntil: 'slow_until',
};

/** The endpoint of an item, if it has one. */
export function endpointOf(item: Item | undefined): Endpoint | undefined {
  return item?.endpoint as Endpoint | undefined;
}

/** The health of an endpoint's item; undefined where none was noted yet. */
export function healthOf(
  endpoint: Pick<EndpointHealth, 'tenantId' | 'endpointId'>,
  item: Item | undefined,
): EndpointHealth | undefined {
  if (item?.[HEALTH.generation] === undefined) return undefined;
  const { tenantId, endpointId } = endpoint;
  return { tenantId, endpointId, ...fromAttributes<Measured>(item, HEALTH) };
}
