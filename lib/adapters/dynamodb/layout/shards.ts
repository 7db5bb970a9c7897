import { ulidOf } from '../../../domain/ids.ts';

/**
 * Partitions of a tenant's endpoints and events, and of an endpoint's deliveries. Changing a number orphans the stored
 * items.
 */
export const ENDPOINT_SHARDS = 4;
export const EVENT_SHARDS = 4;
export const DELIVERY_SHARDS = 4;
/** Partitions of an owner's audit log. Changing the number orphans the stored items. */
export const AUDIT_SHARDS = 4;
/** Partitions of the registry of tenants. Changing the number orphans the stored items. */
export const TENANT_SHARDS = 4;
/** Partitions of the index of endpoints that fail or are paused, and of that of unfinished jobs. */
export const TROUBLE_SHARDS = 4;
export const OPEN_JOB_SHARDS = 4;
/** Partitions of a minute of the due index, until more are asked for (stored-schema.ts); and the most of them. */
export const FIRST_DUE_SHARDS = 4;
export const MOST_DUE_SHARDS = 64;
/**
 * Partitions of one status of a tenant. Endpoints are grouped, so that a list of one endpoint reads a fraction of the
 * tenant's entries; each group has shards, so that one dead endpoint's backlog does not overload one partition.
 */
export const STATUS_GROUPS = 4;
export const STATUS_SHARDS = 4;

/**
 * Copies of an item that every event or every batch reads consistently, each in a partition of its own: a process reads one,
 * a write changes all. One partition serves 3,000 units a second (docs/adr/0014). Lowering the number is safe, raising
 * it loses what new copies lack.
 */
export const HOT_ITEM_COPIES = 4;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of an id, 0 to `shards` - 1, by a hash of its ULID (FNV-1a). */
export function shardOf(id: string, shards: number): number {
  let hash = FNV_OFFSET;
  for (const character of ulidOf(id)) hash = Math.imul(hash ^ character.charCodeAt(0), FNV_PRIME);
  return ((hash ^ (hash >>> 15)) >>> 0) % shards;
}

/** All shards: 0 to `shards` - 1. */
export function everyShard(shards: number): number[] {
  return Array.from({ length: shards }, (_, shard) => shard);
}
