import { ulidOf } from '../../../domain/ids.ts';

/** Partitions of a tenant's events, and of an endpoint's deliveries. Changing a number here orphans what is stored. */
export const EVENT_SHARDS = 4;
export const DELIVERY_SHARDS = 4;
/** Partitions of a minute of the due index. */
export const DUE_SHARDS = 4;
/**
 * Partitions of a tenant's status: endpoints fall into groups, so that a list of one endpoint reads a fraction of the
 * tenant's, and the events of a group fall into shards, so that one dead endpoint's backlog does not heat one partition.
 */
export const STATUS_GROUPS = 4;
export const STATUS_SHARDS = 4;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of an id by a hash of its ULID (FNV-1a), so that a key is found without a search: 0 to `shards` - 1. */
export function shardOf(id: string, shards: number): number {
  let hash = FNV_OFFSET;
  for (const character of ulidOf(id)) hash = Math.imul(hash ^ character.charCodeAt(0), FNV_PRIME);
  return ((hash ^ (hash >>> 15)) >>> 0) % shards;
}

/** All shards: 0 to `shards` - 1. */
export function everyShard(shards: number): number[] {
  return Array.from({ length: shards }, (_, shard) => shard);
}
