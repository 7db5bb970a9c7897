import type { Event, EventTopic } from '../../domain/event.ts';
import { type EventTypePolicy, isCategoryPattern } from '../../domain/event-type.ts';
import { Comparisons } from '../../domain/filter/comparisons.ts';
import { createFilterTest } from '../../domain/filter/filter.ts';
import { type FindSubscribers, type Found, indexSubscriptions } from '../../domain/subscription-index.ts';
import type { Subscriber } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';

/**
 * Answers the ids of the endpoints that get an event, ascending. The events of one reading share what their filters may
 * take (MAX_COMPARISONS). @throws RequestError `too-many-comparisons`
 */
export type Match = (event: EventTopic & Pick<Event, 'data'>) => Found;
export interface Matching {
  match: Match;
  eventsPerSecond: number | undefined;
  /** Undefined: the deployment's holds. */
  eventTypePolicy: EventTypePolicy | undefined;
  /** Does an endpoint subscribe to a category, so that matching needs the event's? */
  usesCategories: boolean;
  /** Is the tenant in the list of tenants? */
  isRegistered: boolean;
  /** Was the tenant erased, so that nothing is taken in for it? */
  isErased: boolean;
}
/** Reads what a tenant's endpoints ask for, as they are now or a moment later, and the tenant's quota. */
export type MatcherOf = (tenantId: string) => Promise<Matching>;

type MatcherPorts = Pick<Ports, 'subscriptions'>;

interface KnownShard {
  /** It was read after its number had this value, and so is at least as new. */
  number: number;
  find: Promise<FindSubscribers>;
  /** Known once it is read. */
  usesCategories: boolean;
  /** How many endpoints and patterns it has, and its filters: its share of the memory. 0 while it is being read. */
  weight: number;
}
type KnownTenant = Map<number, KnownShard>;

/** The most endpoints and patterns of all tenants (some 50 MB), and the most tenants, that are remembered. */
const CACHED_WEIGHT = 400_000;
const CACHED_TENANTS = 1_000;

/**
 * Matches with shards that are read once per change: their numbers are read, consistently, at each call, so that an
 * event posted right after an endpoint's creation reaches it.
 */
export function createMatcher(ports: MatcherPorts): MatcherOf {
  const cache = new Map<string, KnownTenant>();
  return async (tenantId) => {
    const {
      shards,
      eventsPerSecond,
      eventTypePolicy,
      isRegistered = false,
      registeredAt,
      isErased = false,
    } = await ports.subscriptions.tenant(tenantId);
    // One that was erased and registered again begins its numbers anew.
    const known = lastUsed(cache, `${registeredAt} ${tenantId}`);
    const changed = [...shards].filter(([shard, number]) => (known.get(shard)?.number ?? 0) < number);
    // Posts that see the same number share one reading.
    for (const [shard, number] of changed) readShard(ports, tenantId, known, shard, number);
    const finds = await Promise.all([...shards.keys()].map((shard) => (known.get(shard) as KnownShard).find));
    if (changed.length > 0) forgetOldest(cache);
    const usesCategories = [...shards.keys()].some((shard) => known.get(shard)?.usesCategories);
    return { match: matchWithAll(finds), eventsPerSecond, eventTypePolicy, usesCategories, isRegistered, isErased };
  };
}

/** Begins to read a shard; one that can't be read is forgotten. */
function readShard(ports: MatcherPorts, tenantId: string, known: KnownTenant, shard: number, number: number): void {
  const reading = ports.subscriptions.ofShard(tenantId, shard);
  const find = reading.then((subscribers) => {
    fresh.usesCategories = subscribers.some(({ events }) => events.some(isCategoryPattern));
    return indexSubscriptions(subscribers);
  });
  const fresh: KnownShard = { number, find, usesCategories: false, weight: 0 };
  known.set(shard, fresh);
  reading.then(
    (subscribers) => (fresh.weight = subscribers.reduce((sum, subscriber) => sum + weightOfSubscriber(subscriber), 0)),
    () => known.get(shard) === fresh && known.delete(shard),
  );
}

/** An endpoint is in one shard, so nothing is found twice. */
function matchWithAll(finds: readonly FindSubscribers[]): Match {
  const comparisons = new Comparisons();
  return (event) => {
    const passes = createFilterTest(event.data, comparisons);
    const [first = { ids: [], filtered: 0 }, ...others] = finds.map((find) => find(event, passes));
    if (others.length === 0) return first;
    const all = [first, ...others];
    const filtered = all.reduce((sum, found) => sum + found.filtered, 0);
    const polled = all.flatMap((found) => [...(found.polled ?? [])]);
    const ids = all.flatMap((found) => found.ids).toSorted();
    return { ids, filtered, ...(polled.length > 0 && { polled: new Set(polled) }) };
  };
}

/** A filter takes up to six times the memory of its text, and some more (measured by `npm run bench -- filters`). */
const FILTER_WEIGHT = 5;
const FILTER_BYTES_PER_WEIGHT = 24;

function weightOfSubscriber({ events, filter }: Subscriber): number {
  const ofFilter = filter === undefined ? 0 : FILTER_WEIGHT + Math.ceil(filter.length / FILTER_BYTES_PER_WEIGHT);
  return 1 + events.length + ofFilter;
}

function lastUsed(cache: Map<string, KnownTenant>, tenantId: string): KnownTenant {
  const known: KnownTenant = cache.get(tenantId) ?? new Map();
  cache.delete(tenantId);
  cache.set(tenantId, known);
  return known;
}

/** The one last used stays, however large it is. */
function forgetOldest(cache: Map<string, KnownTenant>): void {
  let weight = 0;
  for (const known of cache.values()) weight += weightOf(known);
  for (const [tenantId, known] of cache) {
    if (cache.size === 1 || (cache.size <= CACHED_TENANTS && weight <= CACHED_WEIGHT)) return;
    cache.delete(tenantId);
    weight -= weightOf(known);
  }
}

function weightOf(known: KnownTenant): number {
  let weight = 0;
  for (const shard of known.values()) weight += shard.weight;
  return weight;
}
