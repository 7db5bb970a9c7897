import type { Delivery } from '../../domain/delivery.ts';
import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import { isSlow } from '../../domain/slowness.ts';
import type { Ports } from '../../ports/ports.ts';
import { existing } from '../endpoints/change-status.ts';
import type { Page } from './history.ts';

/** An endpoint with how its last requests went. Times are milliseconds since the Unix epoch. */
export interface EndpointView {
  endpoint: Endpoint;
  lastAttemptedAt?: number;
  lastSuccessAt?: number;
  lastStatusCode?: number;
  consecutiveFailures: number;
  /** Absent when it answers quickly. */
  slowSince?: number;
}

type EndpointHistoryPorts = Pick<Ports, 'clock' | 'endpoints' | 'health' | 'deliveries'>;

/** @throws RequestError `not-found` for an unknown or deleted one */
export async function getEndpoint(ports: EndpointHistoryPorts, tenantId: string, id: string): Promise<EndpointView> {
  return asView(ports, await existing(ports, tenantId, id));
}

/** By id, which is by the time of their creation; deleted ones are left out. */
export async function listEndpoints(
  ports: EndpointHistoryPorts,
  tenantId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<EndpointView>> {
  const { endpoints, next } = await ports.endpoints.page(tenantId, cursor, limit);
  const shown = endpoints.filter(({ statusReason }) => statusReason !== 'deleted');
  const data = await Promise.all(shown.map((endpoint) => asView(ports, endpoint)));
  return { data, ...(next !== undefined && { nextCursor: next }) };
}

async function asView(ports: EndpointHistoryPorts, endpoint: Endpoint): Promise<EndpointView> {
  const [health, newest] = await Promise.all([
    ports.health.get(endpoint.tenantId, endpoint.id),
    ports.deliveries.pageOfEndpoint(endpoint.tenantId, endpoint.id, undefined, 1),
  ]);
  const slowSince = isSlow(endpoint, health, ports.clock.now()) ? health?.slowSince : undefined;
  return {
    endpoint,
    ...lastRequests(health, newest[0]),
    consecutiveFailures: health?.consecutiveFailures ?? 0,
    ...(slowSince !== undefined && { slowSince }),
  };
}

/** Health is written on failure and on recovery only: for a healthy endpoint the newest record says more. */
function lastRequests(
  health: EndpointHealth | undefined,
  newest: Delivery | undefined,
): Omit<EndpointView, 'endpoint' | 'consecutiveFailures' | 'slowSince'> {
  const attempt = newest?.attempts.at(-1);
  const fromRecord = attempt && attempt.at >= (health?.lastAttemptedAt ?? 0);
  const lastAttemptedAt = fromRecord ? attempt.at : health?.lastAttemptedAt;
  const lastStatusCode = fromRecord ? attempt.statusCode : health?.lastStatusCode;
  const deliveredAt = newest?.status === 'delivered' ? attempt?.at : undefined;
  const lastSuccessAt = latest(deliveredAt, health?.lastSuccessAt);
  return {
    ...(lastAttemptedAt !== undefined && { lastAttemptedAt }),
    ...(lastSuccessAt !== undefined && { lastSuccessAt }),
    ...(lastStatusCode !== undefined && { lastStatusCode }),
  };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
