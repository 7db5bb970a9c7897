import { DynamoEventLog } from './stores/event-log.ts';
import { DynamoEventTypeStore } from './stores/event-type-store.ts';
import { DynamoIdempotencyStore } from './stores/idempotency-store.ts';
import { DynamoJobStore } from './stores/job-store.ts';
import { DynamoPollLog } from './stores/poll-log.ts';
import { DynamoQuotaCounter } from './stores/quota-counter.ts';
import { DynamoSubscriptionStore } from './stores/subscription-store.ts';
import { DynamoTenantStore } from './stores/tenant-store.ts';
import type { DynamoTables } from './tables.ts';

/** Those that take events in, apart: the function ingest starts with no others. */
export function openIngestStores({ config, log, schema, batches, lifetime, copy }: DynamoTables) {
  return {
    subscriptions: new DynamoSubscriptionStore(config, lifetime, copy),
    events: new DynamoEventLog(log, batches, lifetime),
    idempotency: new DynamoIdempotencyStore(log),
    quotas: new DynamoQuotaCounter(log, lifetime),
    polls: new DynamoPollLog(log, lifetime),
    jobs: new DynamoJobStore(log, lifetime, schema),
    tenants: new DynamoTenantStore(config, lifetime),
    eventTypes: new DynamoEventTypeStore(config),
  };
}
