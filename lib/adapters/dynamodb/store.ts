import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DEFAULT_LOG_TTL_MS } from '../../domain/log-lifetime.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TablePorts } from '../../ports/ports.ts';
import type { Random } from '../../ports/random.ts';
import { DynamoApiKeyStore } from './stores/api-key-store.ts';
import { BatchReader } from './access/batch-reader.ts';
import { DynamoAuditLog } from './stores/audit-log.ts';
import { DynamoBrakes } from './stores/brakes.ts';
import { DynamoDeliveryLog } from './stores/delivery-log.ts';
import { DynamoDispatchReader } from './stores/dispatch-reader.ts';
import { DocumentTable } from './access/document-table.ts';
import { DynamoDueIndex } from './stores/due-index.ts';
import { DynamoEndpointHealthStore } from './stores/endpoint-health-store.ts';
import { DynamoEndpointStore } from './stores/endpoint-store.ts';
import { DynamoEventLog } from './stores/event-log.ts';
import { DynamoEventTypeStore } from './stores/event-type-store.ts';
import { DynamoIdempotencyStore } from './stores/idempotency-store.ts';
import { DynamoJobStore } from './stores/job-store.ts';
import { DynamoNumberStore } from './stores/number-store.ts';
import { DynamoPollLog } from './stores/poll-log.ts';
import { DynamoRateSlots } from './stores/rate-slots.ts';
import { DynamoQuotaCounter } from './stores/quota-counter.ts';
import { DynamoSecondFactorStore } from './stores/second-factor-store.ts';
import { DynamoSubscriptionStore } from './stores/subscription-store.ts';
import { DynamoTenantData } from './stores/tenant-data.ts';
import { DynamoTenantStore } from './stores/tenant-store.ts';
import { DynamoUsageLog } from './stores/usage-log.ts';
import { Lifetime } from './layout/lifetime.ts';
import { FIRST_DUE_SHARDS, HOT_ITEM_COPIES } from './layout/shards.ts';
import { StoredSchema } from './layout/stored-schema.ts';

export interface DynamoStoreOptions {
  /** From `createDocumentClient`, once per process. */
  client: DynamoDBDocumentClient;
  /** The names of the two tables. */
  tables: { config: string; log: string };
  clock: Clock;
  /** For the jitter of retries, and for the copy of hot items that this process reads. */
  random: Pick<Random, 'fraction'>;
  /** How long events, deliveries and jobs are found; default 30 days. */
  logTtlMs?: number;
  /** Sweep raises the stored number of shards of the due index to this one, 4 to 64; default 4. */
  dueShards?: number;
}

/** Every port that stores something, except the queues. */
export type DynamoStore = TablePorts;

/**
 * The ports over two tables of {@link CONFIG_TABLE} and {@link LOG_TABLE}. Opening reads and writes nothing. Before the
 * first call, the schema of the tables is read; until it is this code's, every call throws a SchemaMismatch.
 */
export function openDynamoStore(options: DynamoStoreOptions): DynamoStore {
  const { client, tables, clock, random, logTtlMs = DEFAULT_LOG_TTL_MS, dueShards = FIRST_DUE_SHARDS } = options;
  const schema = new StoredSchema(new DocumentTable(client, tables.config), dueShards);
  const checked = () => schema.dueShards();
  const config = new DocumentTable(client, tables.config, checked);
  const log = new DocumentTable(client, tables.log, checked);
  const batches = new BatchReader(client, clock, random, checked);
  const lifetime = new Lifetime(clock, logTtlMs);
  const now = () => clock.now();
  const copy = Math.floor(random.fraction() * HOT_ITEM_COPIES);
  const events = new DynamoEventLog(log, batches, lifetime);
  const deliveries = new DynamoDeliveryLog(log, batches, lifetime, schema);
  return {
    endpoints: new DynamoEndpointStore(config, now),
    subscriptions: new DynamoSubscriptionStore(config, lifetime, copy),
    health: new DynamoEndpointHealthStore(config),
    slots: new DynamoRateSlots(config),
    brakes: new DynamoBrakes(config, copy),
    quotas: new DynamoQuotaCounter(log, lifetime),
    events,
    idempotency: new DynamoIdempotencyStore(log),
    deliveries,
    polls: new DynamoPollLog(log, lifetime),
    reader: new DynamoDispatchReader(tables, batches, { events, deliveries, brakesCopy: copy }),
    due: new DynamoDueIndex(log, schema),
    jobs: new DynamoJobStore(log, lifetime, schema),
    tenants: new DynamoTenantStore(config, lifetime),
    tenantData: new DynamoTenantData(config, log),
    audit: new DynamoAuditLog(config),
    factors: new DynamoSecondFactorStore(config),
    apiKeys: new DynamoApiKeyStore(config),
    numbers: new DynamoNumberStore(config, batches, lifetime),
    eventTypes: new DynamoEventTypeStore(config),
    usage: new DynamoUsageLog(log),
  };
}
