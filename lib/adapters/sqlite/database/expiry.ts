import type { Statement } from './statement.ts';
import { SESSION_TIMES } from '../../../domain/portal-session.ts';
import { ENDED_KEY_MS } from '../../../ports/api-key-store.ts';
import { AUDIT_MS } from '../../../ports/audit-log.ts';
import type { Clock } from '../../../ports/clock.ts';
import { NUMBER_KEPT_MS } from '../../../ports/number-store.ts';
import { QUEUE_RULES } from '../../../ports/queue-rules.ts';
import { USAGE_KEPT_MS } from '../../../ports/usage-log.ts';
import type { Database } from './database.ts';
import { deleteOldest, deleteSome } from './delete-some.ts';
import type { GroupCommit } from './group-commit.ts';
import { EXPIRED, type Horizon } from './log-lifetime.ts';

/** Of all queues: a message that is older is in none. */
const LONGEST_RETENTION_SECONDS = Math.max(...Object.values(QUEUE_RULES).map((rules) => rules.retentionSeconds));

const OLD_DAY = 'unixepoch(day) * 1000 <= :horizon';

/**
 * Expired rows are no longer found, but stay on disk until they are purged, in small steps. Unfinished deliveries and jobs
 * are never purged. Purging a delivery purges its response bodies.
 */
export class Expiry {
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #horizon: Horizon;
  readonly #events: Statement;
  readonly #endpointPages: Statement;
  readonly #deliveries: Statement;
  readonly #jobs: Statement;
  readonly #claims: Statement;
  readonly #messages: Statement;
  readonly #apiKeys: Statement;
  readonly #sessions: Statement;
  readonly #audit: Statement;
  readonly #numbers: Statement;
  readonly #tombstones: Statement;
  readonly #usage: Statement;
  readonly #latencies: Statement;
  readonly #pollEntries: Statement;
  readonly #pollConsumers: Statement;

  constructor(database: Database, commits: GroupCommit, clock: Clock, horizon: Horizon) {
    this.#commits = commits;
    this.#clock = clock;
    this.#horizon = horizon;
    this.#endpointPages = database.prepare(deleteSome('event_endpoints', 'rowid', 'accepted_at <= :horizon'));
    this.#deliveries = database.prepare(deleteSome('deliveries', 'row', EXPIRED));
    this.#jobs = database.prepare(deleteSome('jobs', 'row', EXPIRED));
    this.#claims = database.prepare(deleteSome('claims', 'tenant, key', 'expires_at <= :horizon'));
    this.#apiKeys = database.prepare(
      deleteSome('api_keys', 'hash', `coalesce(body ->> '$.revokedAt', body ->> '$.expiresAt') <= :horizon`),
    );
    this.#sessions = database.prepare(deleteSome('portal_sessions', 'owner, id', 'ends_at <= :horizon'));
    this.#audit = database.prepare(deleteSome('audit_log', 'owner, id', 'at <= :horizon'));
    this.#numbers = database.prepare(
      deleteSome('numbers', 'tenant, kind, number', `kind = 'delivery' AND given_at <= :horizon`),
    );
    this.#tombstones = database.prepare(deleteSome('erased_tenants', 'id', 'erased_at <= :horizon'));
    this.#usage = database.prepare(deleteSome('usage', 'tenant, day', OLD_DAY));
    this.#latencies = database.prepare(deleteSome('usage_latencies', 'tenant, day, measure, step', OLD_DAY));
    this.#pollEntries = database.prepare(deleteSome('poll_entries', 'tenant, endpoint, key', 'written_at <= :horizon'));
    this.#pollConsumers = database.prepare(
      deleteSome('poll_consumers', 'tenant, endpoint, name', 'committed_at <= :horizon'),
    );
    // Rows are numbered as they are written: the lowest are the oldest, and no index of their age is needed.
    this.#events = database.prepare(deleteOldest('events', 'accepted_at <= :horizon'));
    this.#messages = database.prepare(deleteOldest('messages', 'sent_at <= :horizon'));
  }

  /**
   * Deletes up to `limit` expired rows of each kind.
   * @returns how many rows were deleted; call again soon while it is not 0
   */
  async purge(limit: number): Promise<number> {
    const now = this.#clock.now();
    const horizon = this.#horizon();
    const steps: [Statement, number][] = [
      [this.#events, horizon],
      [this.#endpointPages, horizon],
      [this.#deliveries, horizon],
      [this.#jobs, horizon],
      [this.#pollEntries, horizon],
      [this.#pollConsumers, horizon],
      [this.#claims, now],
      [this.#apiKeys, now - ENDED_KEY_MS],
      [this.#sessions, now - SESSION_TIMES.kept],
      [this.#audit, now - AUDIT_MS],
      [this.#numbers, horizon - NUMBER_KEPT_MS],
      [this.#tombstones, horizon],
      [this.#usage, now - USAGE_KEPT_MS],
      [this.#latencies, now - USAGE_KEPT_MS],
      [this.#messages, now - LONGEST_RETENTION_SECONDS * 1000],
    ];
    const purged = await Promise.all(
      steps.map(([statement, until]) => this.#commits.write(() => statement.run({ horizon: until, limit }).changes)),
    );
    return purged.reduce<number>((sum, count) => sum + Number(count), 0);
  }
}
