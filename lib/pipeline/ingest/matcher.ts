import { type Endpoint, acceptsEvents } from '../../domain/endpoint.ts';
import type { EventTopic } from '../../domain/event.ts';
import { indexSubscriptions } from '../../domain/subscription-index.ts';
import type { Ports } from '../../ports/ports.ts';

/** Answers the ids of the endpoints that get an event, ascending. */
export type Match = (event: EventTopic) => string[];
/** Reads what a tenant's endpoints ask for, as they are now or a moment later, and the tenant's quota. */
export type MatcherOf = (tenantId: string) => Promise<{ match: Match; eventsPerSecond: number | undefined }>;

type MatcherPorts = Pick<Ports, 'clock' | 'endpoints'>;

interface Known {
  version: number;
  readAt: number;
  /** How many endpoints and patterns it has: its share of the memory. */
  weight: number;
  match: Match;
}

const CACHED_MS = 60_000;
/** The most endpoints and patterns of all tenants (some 50 MB), and the most tenants, that are remembered. */
const CACHED_WEIGHT = 400_000;
const CACHED_TENANTS = 1_000;
const PAGE = 500;

/**
 * Matches with a list that is read once per version: the version is read, consistently, at each call, so that an event
 * posted right after an endpoint's creation reaches it.
 */
export function createMatcher(ports: MatcherPorts): MatcherOf {
  const cache = new Map<string, Known>();
  return async (tenantId) => {
    const { version, eventsPerSecond } = await ports.endpoints.tenant(tenantId);
    const known = cache.get(tenantId);
    if (known?.version === version && ports.clock.now() - known.readAt <= CACHED_MS) {
      return { match: known.match, eventsPerSecond };
    }
    const fresh = await read(ports, tenantId, version);
    cache.delete(tenantId);
    cache.set(tenantId, fresh);
    forgetOldest(cache);
    return { match: fresh.match, eventsPerSecond };
  };
}

/** A list read after its version is at least as new as that version. */
async function read(ports: MatcherPorts, tenantId: string, version: number): Promise<Known> {
  const readAt = ports.clock.now();
  const subscribers: Subscriber[] = [];
  let after: string | undefined;
  do {
    const page = await ports.endpoints.page(tenantId, after, PAGE);
    subscribers.push(...page.endpoints.filter(acceptsEvents).map(subscriberOf));
    after = page.next;
  } while (after !== undefined);
  const weight = subscribers.reduce((sum, { events }) => sum + 1 + events.length, 0);
  return { version, readAt, weight, match: indexSubscriptions(subscribers) };
}

type Subscriber = Pick<Endpoint, 'id' | 'events' | 'projectId'>;

/** Only what matching needs is kept in memory. */
function subscriberOf({ id, events, projectId }: Endpoint): Subscriber {
  return { id, events, ...(projectId !== undefined && { projectId }) };
}

/** The newest stays, however large it is. */
function forgetOldest(cache: Map<string, Known>): void {
  let weight = 0;
  for (const known of cache.values()) weight += known.weight;
  for (const [tenantId, known] of cache) {
    if (cache.size === 1 || (cache.size <= CACHED_TENANTS && weight <= CACHED_WEIGHT)) return;
    cache.delete(tenantId);
    weight -= known.weight;
  }
}
