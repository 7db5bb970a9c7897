/**
 * Stored in `user_version`. A new table or index needs no new version, because missing ones are created each time a file is
 * opened. Raise the version when existing ones change, and add a step to {@link CONVERSIONS}.
 */
export const SCHEMA_VERSION = 5;

/**
 * What ingest matches with: made by a conversion too, which fills them.
 * @param later columns that came after that conversion
 */
const subscriptions = (later = '') => `
CREATE TABLE IF NOT EXISTS subscriptions (
  tenant TEXT NOT NULL, shard INTEGER NOT NULL, endpoint TEXT NOT NULL, generation INTEGER NOT NULL,
  events TEXT NOT NULL, project TEXT, ${later}
  PRIMARY KEY (tenant, shard, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS subscription_shards (
  tenant TEXT NOT NULL, shard INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (tenant, shard)
) STRICT, WITHOUT ROWID;
`;

/** The steps that convert a file of a version to the next one, by the earlier version. */
export const CONVERSIONS: Readonly<Record<number, string>> = {
  // Claims lost their holder, records gained a revision, endpoints name the job of their last change.
  1: `
    ALTER TABLE claims DROP COLUMN lease_token;
    ALTER TABLE claims DROP COLUMN lease_until;
    ALTER TABLE claims DROP COLUMN deliveries;
    ALTER TABLE deliveries ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE deliveries DROP COLUMN attempts;
    ALTER TABLE deliveries DROP COLUMN epoch;
    UPDATE deliveries SET body = json_set(body, '$.revision', 1);
    UPDATE endpoints SET body = json_remove(json_set(body, '$.changeJobId', body ->> '$.probeJobId'), '$.probeJobId')
      WHERE body ->> '$.probeJobId' IS NOT NULL;
    UPDATE endpoints SET body = json_set(endpoints.body, '$.changeJobId', jobs.id)
      FROM jobs WHERE jobs.tenant = endpoints.tenant AND jobs.body ->> '$.endpointId' = endpoints.id
        AND jobs.body ->> '$.kind' = 'discard' AND jobs.body ->> '$.status' = 'running'
        AND jobs.body ->> '$.generation' = endpoints.generation;
  `,
  // Ingest matches with subscriptions instead of endpoints.
  2: `
    DROP TABLE IF EXISTS tenant_versions;
    ${subscriptions()}
    INSERT OR IGNORE INTO subscriptions
      SELECT tenant, coalesce(body ->> '$.shard', 0), id, generation, body -> '$.events', body ->> '$.projectId'
      FROM endpoints WHERE body ->> '$.status' IN ('active', 'paused');
    INSERT OR IGNORE INTO subscription_shards SELECT DISTINCT tenant, shard, 1 FROM subscriptions;
  `,
  // Subscriptions have a filter.
  3: 'ALTER TABLE subscriptions ADD COLUMN filter TEXT;',
  // Endpoints can be polled.
  4: 'ALTER TABLE subscriptions ADD COLUMN polled INTEGER;',
};

/**
 * One table per kind of record, with the columns that keys, conditions and indexes need, and the whole record as JSON in
 * `body`. The indexes for failures are partial, so that a delivery that succeeds at once is in none of them. Times are
 * milliseconds since the Unix epoch.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS endpoints (
  tenant TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX IF NOT EXISTS endpoints_paused ON endpoints (tenant, id) WHERE body ->> '$.status' = 'paused';
CREATE INDEX IF NOT EXISTS endpoints_live ON endpoints (tenant) WHERE body ->> '$.status' <> 'revoked';

${subscriptions('filter TEXT, polled INTEGER,')}
CREATE TABLE IF NOT EXISTS endpoint_health (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, generation INTEGER NOT NULL, failures INTEGER NOT NULL,
  failing_since INTEGER, last_attempted_at INTEGER, last_success_at INTEGER, last_status_code INTEGER,
  PRIMARY KEY (tenant, endpoint)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS endpoints_failing ON endpoint_health (tenant, endpoint) WHERE failures > 0;

CREATE TABLE IF NOT EXISTS slow_endpoints (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, generation INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (tenant, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tenant_quotas (
  tenant TEXT PRIMARY KEY, events_per_second REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tenants (
  id TEXT PRIMARY KEY, name TEXT, registered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS erased_tenants (
  id TEXT PRIMARY KEY, registered_at INTEGER NOT NULL, erased_at INTEGER NOT NULL, job TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erased_tenants_by_age ON erased_tenants (erased_at);

CREATE TABLE IF NOT EXISTS usage (
  tenant TEXT NOT NULL, day TEXT NOT NULL, events INTEGER NOT NULL, attempts INTEGER NOT NULL,
  delivered INTEGER NOT NULL, exhausted INTEGER NOT NULL, abandoned INTEGER NOT NULL,
  PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS usage_latencies (
  tenant TEXT NOT NULL, day TEXT NOT NULL, measure TEXT NOT NULL, step INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, measure, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS event_types (
  owner TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (owner, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS event_type_policies (
  tenant TEXT PRIMARY KEY, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS quota_counts (
  tenant TEXT PRIMARY KEY, window INTEGER NOT NULL, events INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rate_slots (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, generation INTEGER NOT NULL, next_free_at REAL NOT NULL,
  PRIMARY KEY (tenant, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS brakes (
  scope TEXT PRIMARY KEY, set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS events (
  row INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL, id TEXT NOT NULL, accepted_at INTEGER NOT NULL, data TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (tenant, id)
) STRICT;
-- Of earlier versions. Rows are numbered as events are accepted, and the oldest are found by that.
DROP INDEX IF EXISTS events_by_age;

CREATE TABLE IF NOT EXISTS event_endpoints (
  tenant TEXT NOT NULL, event TEXT NOT NULL, token TEXT NOT NULL, page INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL, ids TEXT NOT NULL,
  PRIMARY KEY (tenant, event, token, page)
) STRICT;
CREATE INDEX IF NOT EXISTS event_endpoints_by_age ON event_endpoints (accepted_at);

CREATE TABLE IF NOT EXISTS added_endpoints (
  event INTEGER NOT NULL REFERENCES events (row) ON DELETE CASCADE, endpoint TEXT NOT NULL,
  PRIMARY KEY (event, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS claims (
  tenant TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, body_hash TEXT NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims_by_expiry ON claims (expires_at);

CREATE TABLE IF NOT EXISTS deliveries (
  row INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, event TEXT NOT NULL, ordinal INTEGER NOT NULL,
  revision INTEGER NOT NULL, status TEXT NOT NULL, check_at INTEGER,
  created_at INTEGER NOT NULL, body TEXT NOT NULL,
  UNIQUE (tenant, endpoint, event, ordinal)
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_status ON deliveries (tenant, status, event, endpoint, ordinal)
  WHERE status <> 'delivered';
CREATE INDEX IF NOT EXISTS deliveries_by_endpoint_status ON deliveries (tenant, endpoint, status, event, ordinal)
  WHERE status <> 'delivered';
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (check_at, tenant, endpoint, event, ordinal) WHERE check_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS deliveries_by_age ON deliveries (created_at) WHERE check_at IS NULL;

CREATE TABLE IF NOT EXISTS poll_entries (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL, written_at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, endpoint, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS poll_entries_by_age ON poll_entries (written_at);

CREATE TABLE IF NOT EXISTS poll_consumers (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, name TEXT NOT NULL, committed_at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, endpoint, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS polls_settled (
  tenant TEXT NOT NULL, endpoint TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS response_bodies (
  delivery INTEGER NOT NULL REFERENCES deliveries (row) ON DELETE CASCADE,
  attempt INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (delivery, attempt)
) STRICT;

CREATE TABLE IF NOT EXISTS jobs (
  row INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL, id TEXT NOT NULL, step INTEGER NOT NULL, check_at INTEGER, created_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (tenant, id)
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (check_at, tenant, id) WHERE check_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_open ON jobs (id) WHERE check_at IS NOT NULL AND body ->> '$.kind' <> 'probe';
CREATE INDEX IF NOT EXISTS jobs_by_age ON jobs (created_at) WHERE check_at IS NULL;

CREATE TABLE IF NOT EXISTS api_keys (
  hash TEXT PRIMARY KEY, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS api_keys_by_owner ON api_keys (coalesce(body ->> '$.tenantId', ''), body ->> '$.id');
CREATE INDEX IF NOT EXISTS api_keys_ended ON api_keys (coalesce(body ->> '$.revokedAt', body ->> '$.expiresAt'))
  WHERE coalesce(body ->> '$.revokedAt', body ->> '$.expiresAt') IS NOT NULL;

CREATE TABLE IF NOT EXISTS portal_sessions (
  owner TEXT NOT NULL, id TEXT NOT NULL, ends_at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS portal_sessions_by_code ON portal_sessions (body ->> '$.codeHash');
CREATE INDEX IF NOT EXISTS portal_sessions_by_token ON portal_sessions (body ->> '$.tokenHash');
CREATE INDEX IF NOT EXISTS portal_sessions_by_end ON portal_sessions (ends_at);

CREATE TABLE IF NOT EXISTS second_factors (
  owner TEXT PRIMARY KEY, version TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS alert_addresses (
  tenant TEXT PRIMARY KEY, version TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS audit_log (
  owner TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS audit_log_by_age ON audit_log (at);

CREATE TABLE IF NOT EXISTS numbers (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, given_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, number), UNIQUE (tenant, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS numbers_by_age ON numbers (given_at) WHERE kind = 'delivery';

CREATE TABLE IF NOT EXISTS number_sequences (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS marks (
  name TEXT PRIMARY KEY, value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS source_positions (
  source TEXT PRIMARY KEY, position INTEGER NOT NULL, head TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
  row INTEGER PRIMARY KEY,
  queue TEXT NOT NULL, id TEXT NOT NULL, message_group TEXT NOT NULL, body TEXT NOT NULL, sent_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'delayed', 'in-flight', 'hidden')),
  turn INTEGER NOT NULL, visible_at INTEGER NOT NULL,
  receipt TEXT, received_at INTEGER, receive_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS messages_ready ON messages (queue, turn) WHERE state = 'ready';
CREATE INDEX IF NOT EXISTS messages_waiting ON messages (queue, visible_at, state) WHERE state <> 'ready';
`;
