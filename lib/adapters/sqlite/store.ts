import { DEFAULT_LOG_TTL_MS } from '../../domain/log-lifetime.ts';
import type { Clock } from '../../ports/clock.ts';
import { SqliteAlertAddressStore } from './stores/alert-address-store.ts';
import { SqliteApiKeyStore } from './stores/api-key-store.ts';
import { SqliteAuditLog } from './stores/audit-log.ts';
import { SqliteBrakes } from './stores/brakes.ts';
import { Database } from './database/database.ts';
import { SqliteDeliveryLog } from './stores/delivery-log.ts';
import { SqliteDispatchReader } from './stores/dispatch-reader.ts';
import { SqliteDueIndex } from './stores/due-index.ts';
import { SqliteEndpointHealthStore } from './stores/endpoint-health-store.ts';
import { SqliteEndpointStore } from './stores/endpoint-store.ts';
import { SqliteEventLog } from './stores/event-log.ts';
import { SqliteEventTypeStore } from './stores/event-type-store.ts';
import { Expiry } from './database/expiry.ts';
import { GroupCommit } from './database/group-commit.ts';
import { SqliteIdempotencyStore } from './stores/idempotency-store.ts';
import { SqliteJobStore } from './stores/job-store.ts';
import { logHorizon } from './database/log-lifetime.ts';
import { SqliteNumberStore } from './stores/number-store.ts';
import { SqlitePollLog } from './stores/poll-log.ts';
import { SqliteRateSlots } from './stores/rate-slots.ts';
import { SqliteQuotaCounter } from './stores/quota-counter.ts';
import { SqliteSecondFactorStore } from './stores/second-factor-store.ts';
import { SqliteSourcePositions } from './stores/source-positions.ts';
import { SqliteSubscriptionStore } from './stores/subscription-store.ts';
import { SqliteTenantData } from './stores/tenant-data.ts';
import { SqliteTenantStore } from './stores/tenant-store.ts';
import { SqliteTroubledEndpoints } from './stores/troubled-endpoints.ts';
import { SqliteUsageLog } from './stores/usage-log.ts';
import { SqlitePortalSessionStore } from './stores/portal-session-store.ts';
import { SqliteQueues } from './queue/queues.ts';
import type { StoreSharing } from './sharing.ts';

export interface SqliteStoreOptions {
  /** A file, in a folder that exists, or `:memory:`. */
  path: string;
  clock: Clock;
  /** How long events, deliveries and jobs are found; default 30 days. */
  logTtlMs?: number;
  /** How long a deletion of a message waits for another write, whose commit it shares, in milliseconds; default 0. */
  deletionWaitMs?: number;
  /**
   * How long a success waits so, in milliseconds; default 0. A crash meanwhile makes a duplicate, as a crash just after the
   * customer's answer does.
   */
  resultWaitMs?: number;
  /** Other threads of this process have the file open too. Absent: nobody else has. */
  sharing?: StoreSharing;
}

/** Every port that stores something, in one file. */
export interface SqliteStore {
  endpoints: SqliteEndpointStore;
  subscriptions: SqliteSubscriptionStore;
  health: SqliteEndpointHealthStore;
  slots: SqliteRateSlots;
  brakes: SqliteBrakes;
  quotas: SqliteQuotaCounter;
  events: SqliteEventLog;
  idempotency: SqliteIdempotencyStore;
  deliveries: SqliteDeliveryLog;
  polls: SqlitePollLog;
  reader: SqliteDispatchReader;
  due: SqliteDueIndex;
  jobs: SqliteJobStore;
  troubled: SqliteTroubledEndpoints;
  tenants: SqliteTenantStore;
  tenantData: SqliteTenantData;
  audit: SqliteAuditLog;
  factors: SqliteSecondFactorStore;
  alertAddresses: SqliteAlertAddressStore;
  apiKeys: SqliteApiKeyStore;
  sessions: SqlitePortalSessionStore;
  numbers: SqliteNumberStore;
  eventTypes: SqliteEventTypeStore;
  usage: SqliteUsageLog;
  queues: SqliteQueues;
  sourcePositions: SqliteSourcePositions;
  /**
   * Deletes up to `limit` expired rows of each kind: events with their endpoints, deliveries with their response bodies,
   * entries of poll endpoints and their consumers, jobs, claims, messages, API keys and sessions that have ended, the
   * audit log, the numbers of deliveries, usage, tombstones of tenants. It deletes nothing unfinished.
   * @returns how many rows were deleted; call again soon while it is not 0
   */
  purgeExpired(limit: number): Promise<number>;
  /** Commits pending writes and closes the file. Every later call fails with a ServiceFault. */
  close(): void;
}

/**
 * Opens the embedded store. Only one process may open a file: hold the folder's lock. Its threads may, each for itself, if they
 * share what {@link StoreSharing} says.
 * @throws Error when the file can't be opened or was written by a newer version
 */
export function openSqliteStore({
  path,
  clock,
  logTtlMs = DEFAULT_LOG_TTL_MS,
  deletionWaitMs = 0,
  resultWaitMs = 0,
  sharing,
}: SqliteStoreOptions): SqliteStore {
  const database = sharing?.isJoining ? Database.join(path) : new Database(path);
  const commits = new GroupCommit(database, sharing?.writeTurns);
  const horizon = logHorizon(clock, logTtlMs);
  const endpoints = new SqliteEndpointStore(database, commits);
  const health = new SqliteEndpointHealthStore(database, commits);
  const brakes = new SqliteBrakes(database, commits);
  const queues = new SqliteQueues(database, commits, clock, deletionWaitMs, sharing);
  const events = new SqliteEventLog(database, commits, horizon, queues);
  const deliveries = new SqliteDeliveryLog(database, commits, horizon, resultWaitMs);
  const expiry = new Expiry(database, commits, clock, horizon);
  return {
    endpoints,
    subscriptions: new SqliteSubscriptionStore(database, commits, horizon),
    health,
    brakes,
    quotas: new SqliteQuotaCounter(database, commits),
    slots: new SqliteRateSlots(database, commits),
    events,
    deliveries,
    polls: new SqlitePollLog(database, commits, horizon),
    idempotency: new SqliteIdempotencyStore(database, commits),
    reader: new SqliteDispatchReader(database, horizon),
    due: new SqliteDueIndex(database, commits),
    jobs: new SqliteJobStore(database, commits, horizon),
    troubled: new SqliteTroubledEndpoints(database),
    tenants: new SqliteTenantStore(database, commits, horizon),
    tenantData: new SqliteTenantData(database, commits),
    audit: new SqliteAuditLog(database, commits),
    factors: new SqliteSecondFactorStore(database, commits),
    alertAddresses: new SqliteAlertAddressStore(database, commits),
    apiKeys: new SqliteApiKeyStore(database, commits),
    sessions: new SqlitePortalSessionStore(database, commits),
    numbers: new SqliteNumberStore(database, commits, () => clock.now(), horizon),
    eventTypes: new SqliteEventTypeStore(database, commits),
    usage: new SqliteUsageLog(database, commits),
    queues,
    sourcePositions: new SqliteSourcePositions(database, commits),
    purgeExpired: (limit) => expiry.purge(limit),
    close: () => {
      commits.flush();
      database.close();
    },
  };
}
