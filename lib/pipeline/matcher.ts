import { type Endpoint, acceptsEvents } from '../domain/endpoint.ts';
import type { EventTopic } from '../domain/event.ts';
import { type Subscription, matches } from '../domain/subscription.ts';
import type { Ports } from '../ports/ports.ts';

/** Answers the ids of a tenant's endpoints that get an event. */
export type MatchEndpoints = (tenantId: string, event: EventTopic) => Promise<string[]>;

type MatcherPorts = Pick<Ports, 'clock' | 'endpoints'>;

interface Known {
  version: number;
  readAt: number;
  endpoints: (Subscription & { id: string })[];
}

const CACHED_MS = 60_000;
const CACHED_TENANTS = 1_000;
const PAGE = 500;

/**
 * Matches with a list that is read once a version (D1): the version is read, consistently, for each event, so that an
 * event posted right after an endpoint's creation reaches it.
 */
export function createMatcher(ports: MatcherPorts): MatchEndpoints {
  const cache = new Map<string, Known>();
  return async (tenantId, event) => {
    const version = await ports.endpoints.version(tenantId);
    let known = cache.get(tenantId);
    if (known?.version !== version || ports.clock.now() - known.readAt > CACHED_MS) {
      known = await read(ports, tenantId, version);
      cache.delete(tenantId);
      cache.set(tenantId, known);
      if (cache.size > CACHED_TENANTS) cache.delete(cache.keys().next().value as string);
    }
    return known.endpoints.filter((endpoint) => matches(endpoint, event)).map(({ id }) => id);
  };
}

/** A list read after its version is at least as new as that version. */
async function read(ports: MatcherPorts, tenantId: string, version: number): Promise<Known> {
  const readAt = ports.clock.now();
  const endpoints: Endpoint[] = [];
  let after: string | undefined;
  do {
    const page = await ports.endpoints.page(tenantId, after, PAGE);
    endpoints.push(...page.endpoints.filter(acceptsEvents));
    after = page.next;
  } while (after !== undefined);
  return { version, readAt, endpoints: endpoints.map(subscriptionOf) };
}

function subscriptionOf({ id, events, projectId }: Endpoint): Known['endpoints'][number] {
  return { id, events, ...(projectId !== undefined && { projectId }) };
}
