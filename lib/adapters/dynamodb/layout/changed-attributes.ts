/**
 * The attributes that may be changed (`UpdateItem`) by functions that read what customers' servers send, of items in some
 * kinds of partitions of the table config: by these their rights are limited, with `*` for any text. An endpoint is one
 * attribute, which the circuit breaker and a 410 change; its health is in others. Of the tenant's item they raise numbers
 * of shards, and no quota.
 */
export const CHANGED_BY_RESPONSES = {
  endpoints: [
    'endpoint',
    'health_generation',
    'consecutive_failures',
    'failing_since',
    'last_attempted_at',
    'last_success_at',
    'last_status_code',
    'slow_generation',
    'slow_since',
    'slow_until',
    'trouble_pk',
    'trouble_sk',
    'is_paused',
  ],
  meta: ['shard_*'],
  slots: ['generation', 'nextFreeAt'],
} as const;

/** What jobs change: it makes probes and repairs, and shuts the endpoints of an erased tenant, which makes room for others. */
export const CHANGED_BY_JOBS = {
  ...CHANGED_BY_RESPONSES,
  endpoints: [...CHANGED_BY_RESPONSES.endpoints, 'freed', 'full_until'],
} as const;

/** What sweep changes: it completes changes of a tenant's settings. */
export const CHANGED_BY_SWEEP = { meta: ['settings_version', 'eventsPerSecond', 'eventTypePolicy'] } as const;
