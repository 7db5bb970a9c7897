import type { Delivery } from '../../domain/delivery.ts';
import type { Endpoint, EndpointHealth, SealedSecret } from '../../domain/endpoint.ts';
import { RequestError } from '../../domain/errors.ts';
import { inForce } from '../../domain/secret-rotation.ts';
import { isSlow } from '../../domain/slowness.ts';
import type { Ports } from '../../ports/ports.ts';
import { existing } from '../endpoints/change-status.ts';
import { MAX_PAGE_BYTES } from './history.ts';
import type { Page } from './views.ts';

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

export type EndpointHistoryPorts = Pick<Ports, 'clock' | 'endpoints' | 'health' | 'deliveries'>;

/** @throws RequestError `not-found` for an unknown or deleted one */
export async function getEndpoint(ports: EndpointHistoryPorts, tenantId: string, id: string): Promise<EndpointView> {
  return endpointView(ports, await existing(ports, tenantId, id));
}

/**
 * What requests to an endpoint are signed for now, newest first.
 * @throws RequestError `not-found`, `wrong-state` for an endpoint that has no key pair
 */
export async function publicKeysOf(
  ports: Pick<Ports, 'clock' | 'endpoints'>,
  tenantId: string,
  id: string,
): Promise<SealedSecret[]> {
  const { privateKeys = [] } = await existing(ports, tenantId, id);
  const keys = inForce(privateKeys, ports.clock.now());
  if (keys.length > 0) return keys;
  throw new RequestError('wrong-state', 'The endpoint has no key pair: set `asymmetric_signing` to true.');
}

/**
 * By id, which is by the time of their creation; deleted ones are left out. A page may be shorter than its limit, and have
 * a next one.
 */
export async function listEndpoints(
  ports: EndpointHistoryPorts,
  tenantId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<EndpointView>> {
  const read = await ports.endpoints.page(tenantId, cursor, limit);
  const endpoints = read.endpoints.slice(0, countWithin(MAX_PAGE_BYTES, read.endpoints));
  const next = endpoints.length < read.endpoints.length ? endpoints.at(-1)?.id : read.next;
  const shown = endpoints.filter(({ statusReason }) => statusReason !== 'deleted');
  const data = await Promise.all(shown.map((endpoint) => endpointView(ports, endpoint)));
  return { data, ...(next !== undefined && { nextCursor: next }) };
}

/** How many of them fit into so many bytes; one at least. */
function countWithin(maxBytes: number, endpoints: readonly Endpoint[]): number {
  let bytes = 0;
  const over = endpoints.findIndex((endpoint) => (bytes += carriedBytesOf(endpoint)) > maxBytes);
  return over === -1 ? endpoints.length : Math.max(over, 1);
}

/** More than a list carries of it: text in an answer, which is itself a text for Lambda. Health is of a known size. */
export function carriedBytesOf(endpoint: Endpoint): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(endpoint))) + HEALTH_BYTES;
}

const HEALTH_BYTES = 1000;

/** With how its last requests went. */
export async function endpointView(ports: EndpointHistoryPorts, endpoint: Endpoint): Promise<EndpointView> {
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
