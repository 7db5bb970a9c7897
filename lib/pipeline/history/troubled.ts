import type { Endpoint, EndpointHealth } from '../../domain/endpoint.ts';
import type { Trouble } from '../../domain/trouble.ts';
import type { Ports } from '../../ports/ports.ts';
import { type EndpointHistoryPorts, type EndpointView, endpointView } from './endpoint-history.ts';
import type { Page } from './views.ts';

export interface TroubledEndpoint {
  view: EndpointView;
  /** Milliseconds since the Unix epoch; absent when it does not fail. */
  failingSince?: number;
  /** Of a paused one: how many deliveries it holds, as far as they were counted. */
  held?: Counted;
}

export interface Counted {
  count: number;
  /** There are more. */
  isCapped: boolean;
}

export type TroubledPorts = EndpointHistoryPorts & Pick<Ports, 'troubled'>;

/** Entries of the index that a call reads at most: a bound of its time and its cost. */
const LOOK_THROUGH = 200;
const MOST_HELD = 100;

/** Endpoints of all tenants. A page may be shorter than its limit, and have a next one. */
export async function listTroubled(
  ports: TroubledPorts,
  trouble: Trouble,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<TroubledEndpoint>> {
  const data: TroubledEndpoint[] = [];
  let next = cursor;
  for (let looked = 0; looked < LOOK_THROUGH && data.length < limit;) {
    // No more than are wanted: all that were read are shown, and the cursor goes on after them.
    const page = await ports.troubled.page(next, Math.min(limit - data.length, LOOK_THROUGH - looked));
    const found = await Promise.all(page.endpoints.map((one) => lookAt(ports, trouble, one)));
    data.push(...found.filter((one) => one !== undefined));
    looked += Math.max(page.endpoints.length, 1);
    next = page.next;
    if (next === undefined) return { data };
  }
  return { data, ...(next !== undefined && { nextCursor: next }) };
}

/** Undefined: it has no such trouble, or none any more. */
async function lookAt(
  ports: TroubledPorts,
  trouble: Trouble,
  { tenantId, id }: Pick<Endpoint, 'tenantId' | 'id'>,
): Promise<TroubledEndpoint | undefined> {
  const [endpoint, health] = await Promise.all([ports.endpoints.get(tenantId, id), ports.health.get(tenantId, id)]);
  if (!endpoint || !isIn(trouble, endpoint, health)) return undefined;
  const held = endpoint.status === 'paused' ? await heldBy(ports, endpoint) : undefined;
  if (trouble === 'held' && held?.count === 0) return undefined;
  const failingSince = isFailing(endpoint, health) ? health?.failingSince : undefined;
  return {
    view: await endpointView(ports, endpoint),
    ...(failingSince !== undefined && { failingSince }),
    ...(held && { held }),
  };
}

function isIn(trouble: Trouble, endpoint: Endpoint, health: EndpointHealth | undefined): boolean {
  return trouble === 'failing' ? isFailing(endpoint, health) : endpoint.status === 'paused';
}

/** Failures of an earlier generation are void, but for the breaker's own: it pauses the endpoint in a new one. */
function isFailing({ status, statusReason, generation }: Endpoint, health: EndpointHealth | undefined): boolean {
  if (!health || health.consecutiveFailures === 0 || status === 'disabled' || status === 'revoked') return false;
  return health.generation === generation || statusReason === 'breaker';
}

async function heldBy({ deliveries }: Pick<Ports, 'deliveries'>, { tenantId, id }: Endpoint): Promise<Counted> {
  const query = { tenantId, endpointId: id, status: 'held', order: 'oldest-first', limit: MOST_HELD } as const;
  const { deliveries: some, next } = await deliveries.pageByStatus(query);
  return { count: some.length, isCapped: next !== undefined };
}

/** How many endpoints have a trouble, as far as they were counted. */
export async function countTroubled({
  troubled,
  endpoints,
  health,
}: Pick<Ports, 'troubled' | 'endpoints' | 'health'>): Promise<Record<'failing' | 'paused', Counted>> {
  const { endpoints: some, next } = await troubled.page(undefined, LOOK_THROUGH);
  const found = await Promise.all(
    some.map(async ({ tenantId, id }) => [await endpoints.get(tenantId, id), await health.get(tenantId, id)] as const),
  );
  const count = (trouble: Trouble) => ({
    count: found.filter(([endpoint, itsHealth]) => endpoint && isIn(trouble, endpoint, itsHealth)).length,
    isCapped: next !== undefined,
  });
  return { failing: count('failing'), paused: count('paused') };
}
