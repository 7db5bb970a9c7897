import type { TablePorts } from '../../ports/ports.ts';
import { DynamoAlertAddressStore } from './stores/alert-address-store.ts';
import { DynamoApiKeyStore } from './stores/api-key-store.ts';
import { DynamoAuditLog } from './stores/audit-log.ts';
import { DynamoBrakes } from './stores/brakes.ts';
import { DynamoDeliveryLog } from './stores/delivery-log.ts';
import { DynamoDispatchReader } from './stores/dispatch-reader.ts';
import { DynamoDueIndex } from './stores/due-index.ts';
import { DynamoEndpointHealthStore } from './stores/endpoint-health-store.ts';
import { DynamoEndpointStore } from './stores/endpoint-store.ts';
import { DynamoNumberStore } from './stores/number-store.ts';
import { DynamoPortalSessionStore } from './stores/portal-session-store.ts';
import { DynamoRateSlots } from './stores/rate-slots.ts';
import { DynamoSecondFactorStore } from './stores/second-factor-store.ts';
import { DynamoTenantData } from './stores/tenant-data.ts';
import { DynamoTroubledEndpoints } from './stores/troubled-endpoints.ts';
import { DynamoUsageLog } from './stores/usage-log.ts';
import { openIngestStores } from './ingest-stores.ts';
import { type DynamoStoreOptions, openTables } from './tables.ts';

/** Every port that stores something, except the queues. */
export type DynamoStore = TablePorts;

/** The ports over two tables of {@link CONFIG_TABLE} and {@link LOG_TABLE}. */
export function openDynamoStore(options: DynamoStoreOptions): DynamoStore {
  const tables = openTables(options);
  const { names, config, log, schema, batches, lifetime, now, copy } = tables;
  const ingest = openIngestStores(tables);
  const deliveries = new DynamoDeliveryLog(log, batches, lifetime, schema);
  return {
    ...ingest,
    endpoints: new DynamoEndpointStore(config, now),
    health: new DynamoEndpointHealthStore(config),
    slots: new DynamoRateSlots(config),
    brakes: new DynamoBrakes(config, copy),
    deliveries,
    reader: new DynamoDispatchReader(names, batches, { events: ingest.events, deliveries, brakesCopy: copy }),
    due: new DynamoDueIndex(log, schema),
    troubled: new DynamoTroubledEndpoints(config),
    tenantData: new DynamoTenantData(config, log),
    audit: new DynamoAuditLog(config),
    factors: new DynamoSecondFactorStore(config),
    alertAddresses: new DynamoAlertAddressStore(config),
    apiKeys: new DynamoApiKeyStore(config),
    sessions: new DynamoPortalSessionStore(config),
    numbers: new DynamoNumberStore(config, batches, lifetime),
    usage: new DynamoUsageLog(log),
  };
}
