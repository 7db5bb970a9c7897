import type { EventTypePolicy } from '../domain/event-type.ts';
import type { Subscriber } from '../domain/subscription.ts';

/** What ingest reads of a tenant for each event: one small item. */
export interface TenantState {
  /** How often the subscriptions of each shard have changed, by shard; no entry: never. */
  shards: ReadonlyMap<number, number>;
  eventsPerSecond?: number;
  /** What ingest does with the catalogue of event types; absent: what the deployment says. */
  eventTypePolicy?: EventTypePolicy;
  /** It is in the list of tenants (tenant-store.ts). Absent: perhaps not yet. */
  isRegistered?: true;
  /** When it was registered, milliseconds since the Unix epoch; absent where that was not noted. */
  registeredAt?: number;
  /** It was erased: nothing is taken in for it. */
  isErased?: true;
}

/** Where a subscription is kept, and of which generation of its endpoint it is. */
export interface SubscriptionPlace {
  tenantId: string;
  /** 0 or more: the endpoint's own, which never changes. */
  shard: number;
  /** The endpoint's. */
  id: string;
  generation: number;
}

/**
 * What ingest matches events with: the subscriptions of endpoints that accept events, in shards, and a number that tells
 * whether a cached shard is current. Also the tenant's quota, because it is read together with these numbers.
 */
export interface SubscriptionStore {
  /** Consistent. No shards and no quota for a tenant that nothing is known of. */
  tenant(tenantId: string): Promise<TenantState>;
  /** @param eventsPerSecond how many events ingest takes in at most; undefined: no limit */
  setQuota(tenantId: string, eventsPerSecond: number | undefined): Promise<void>;
  /** @param policy without a field, nothing is kept of it */
  setEventTypePolicy(tenantId: string, policy: EventTypePolicy): Promise<void>;
  /** Consistent: all subscriptions of a shard, by endpoint id ascending. */
  ofShard(tenantId: string, shard: number): Promise<Subscriber[]>;
  /** Adds or replaces a subscription, unless that of a newer generation is there. */
  putUnlessNewer(place: SubscriptionPlace, subscriber: Subscriber): Promise<void>;
  /** Nothing of it stays; that of a newer generation stays. */
  removeUnlessNewer(place: SubscriptionPlace): Promise<void>;
  /** Adds 1 to the shard's number. Call it after each change of a shard, before answering. */
  raiseShard(tenantId: string, shard: number): Promise<void>;
}
