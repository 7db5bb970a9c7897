import type { Column } from './table.ts';

/** What the table of each kind of row shows. The first column stays whole however narrow the terminal is. */
const COLUMNS: Readonly<Record<string, readonly (string | Column)[]>> = {
  ApiKey: ['id', 'name', 'status', 'expires_at', 'scopes'],
  AuditLine: ['at', 'action', 'target', 'outcome', 'user', 'key_id'],
  Consumer: ['name', 'committed_at', 'counts'],
  Delivery: ['id', 'status', { path: 'status_code', heading: 'answer' }, 'event_type', 'created_at', 'error_message'],
  Dialect: ['name', 'circuit_breaker', 'auto_resume', { path: 'retry_delays', heading: 'retries after (s)' }],
  Endpoint: ['id', 'status', 'label', 'events', 'url'],
  Event: ['id', 'type', 'created_at', 'external_id'],
  EventResult: ['id', 'deliveries', { path: 'error.detail', heading: 'error' }],
  EventType: ['type', 'category', 'deprecated', 'description'],
  OpsEndpoint: [
    { path: 'endpoint.id', heading: 'id' },
    { path: 'tenant_id', heading: 'tenant' },
    { path: 'endpoint.status', heading: 'status' },
    { path: 'endpoint.consecutive_failures', heading: 'failures' },
    'failing_since',
    { path: 'endpoint.url', heading: 'url' },
  ],
  OpsJob: [
    { path: 'job.id', heading: 'id' },
    { path: 'tenant_id', heading: 'tenant' },
    { path: 'job.kind', heading: 'kind' },
    { path: 'job.status', heading: 'status' },
    { path: 'job.processed', heading: 'processed' },
  ],
  OpsSetting: ['name', 'value', 'source'],
  OpsTenantUsage: [
    { path: 'tenant_id', heading: 'tenant' },
    'events',
    'attempts',
    'delivered',
    'exhausted',
    'cost_usd',
  ],
  PortalSession: ['id', 'status', 'user', 'access', 'expires_at'],
  Tenant: ['id', 'name', 'events_per_second', 'registered_at', 'erased_at'],
};

/** @throws Error for a kind that is not in the table: a test asks for all */
export function columnsOf(rows: string): readonly Column[] {
  const columns = COLUMNS[rows];
  if (!columns) throw new Error(`cli/src/output/columns.ts has no columns for ${rows}`);
  return columns.map((column) => (typeof column === 'string' ? { path: column } : column));
}
