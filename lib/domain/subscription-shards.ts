/**
 * About how many endpoints share a shard, so that a reload reads some 30 KB (300 KB where each has the largest filter),
 * and a tenant with fewer has one shard. docs/adr/0013 counts other numbers.
 */
export const ENDPOINTS_PER_SHARD = 128;
/** Past that, shards grow: the numbers of all shards must fit one small item. */
const MAX_SHARDS = 256;

/**
 * The shard of a new endpoint: one of as many as the tenant's endpoints fill.
 * @param live how many endpoints the tenant has
 * @param fraction random, from 0 to below 1
 */
export function chooseShard(live: number, fraction: number, perShard = ENDPOINTS_PER_SHARD): number {
  const shards = Math.min(MAX_SHARDS, Math.floor(live / perShard) + 1);
  return Math.floor(fraction * shards);
}
