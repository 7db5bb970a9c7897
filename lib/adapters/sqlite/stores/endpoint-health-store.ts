import type { Statement } from '../database/statement.ts';
import type { EndpointHealth } from '../../../domain/endpoint.ts';
import type { EndpointHealthStore, FailureNote, SlowNote } from '../../../ports/endpoint-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteEndpointHealthStore implements EndpointHealthStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: Statement;
  readonly #count: Statement;
  readonly #clear: Statement;
  readonly #noteSlow: Statement;
  readonly #clearSlow: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare(GET);
    this.#count = database.prepare(COUNT_FAILURE);
    this.#clear = database.prepare(CLEAR_FAILURES);
    this.#noteSlow = database.prepare(NOTE_SLOW);
    this.#clearSlow = database.prepare(
      'DELETE FROM slow_endpoints WHERE tenant = :tenant AND endpoint = :endpoint AND generation <= :generation',
    );
  }

  get(tenantId: string, endpointId: string): Promise<EndpointHealth | undefined> {
    return this.#database.read(() => healthIn(this.#get.get(tenantId, endpointId) as unknown as HealthRow));
  }

  countFailure(note: FailureNote): Promise<EndpointHealth> {
    return this.#commits.write(() => {
      this.#count.run(parametersOf(note));
      return toHealth(this.#get.get(note.tenantId, note.endpointId) as unknown as HealthRow);
    });
  }

  async clearFailures(note: FailureNote): Promise<void> {
    await this.#commits.write(() => this.#clear.run(parametersOf(note)));
  }

  async noteSlow({ tenantId: tenant, endpointId: endpoint, generation, since, until }: SlowNote): Promise<void> {
    await this.#commits.write(() => this.#noteSlow.run({ tenant, endpoint, generation, since, until }));
  }

  async clearSlow({ tenantId: tenant, endpointId: endpoint, generation }: Omit<SlowNote, 'since' | 'until'>) {
    await this.#commits.write(() => this.#clearSlow.run({ tenant, endpoint, generation }));
  }
}

/** Of the {@link HealthRow} of what is `named`; its health and its note of slowness may each be missing. */
export const HEALTH_COLUMNS = `
  named.tenant, named.endpoint, health.generation, failures, failing_since, last_attempted_at, last_success_at,
    last_status_code, slow.generation AS slow_generation, since AS slow_since, until AS slow_until`;
export const HEALTH_JOINS = `
  LEFT JOIN endpoint_health AS health ON health.tenant = named.tenant AND health.endpoint = named.endpoint
  LEFT JOIN slow_endpoints AS slow ON slow.tenant = named.tenant AND slow.endpoint = named.endpoint`;

/** Always a row. */
const GET = `SELECT ${HEALTH_COLUMNS} FROM (SELECT ? AS tenant, ? AS endpoint) AS named ${HEALTH_JOINS}`;

const NOTE_SLOW = `
  INSERT INTO slow_endpoints AS old (tenant, endpoint, generation, since, until)
  VALUES (:tenant, :endpoint, :generation, :since, :until)
  ON CONFLICT DO UPDATE SET generation = :generation, since = :since, until = :until
  WHERE :generation >= old.generation`;

/** A note of an older generation changes nothing. */
const COUNT_FAILURE = `
  INSERT INTO endpoint_health AS old
    (tenant, endpoint, generation, failures, failing_since, last_attempted_at, last_status_code)
  VALUES (:tenant, :endpoint, :generation, 1, :at, :at, :status)
  ON CONFLICT DO UPDATE SET
    failures = CASE WHEN :generation > old.generation THEN 1 ELSE old.failures + 1 END,
    failing_since = CASE WHEN :generation > old.generation OR old.failures = 0 THEN :at ELSE old.failing_since END,
    generation = :generation, last_attempted_at = :at, last_status_code = :status
  WHERE :generation >= old.generation`;

const CLEAR_FAILURES = `
  INSERT INTO endpoint_health AS old
    (tenant, endpoint, generation, failures, last_attempted_at, last_success_at, last_status_code)
  VALUES (:tenant, :endpoint, :generation, 0, :at, :at, :status)
  ON CONFLICT DO UPDATE SET
    failures = 0, failing_since = NULL, generation = :generation,
    last_attempted_at = :at, last_success_at = :at, last_status_code = :status
  WHERE :generation >= old.generation`;

function parametersOf(note: FailureNote): Record<string, string | number | null> {
  return {
    tenant: note.tenantId,
    endpoint: note.endpointId,
    generation: note.generation,
    at: note.at,
    status: note.statusCode ?? null,
  };
}

/** What is known of an endpoint's health, if anything is. */
export interface HealthRow {
  tenant: string;
  endpoint: string;
  generation: number | null;
  failures: number | null;
  failing_since: number | null;
  last_attempted_at: number | null;
  last_success_at: number | null;
  last_status_code: number | null;
  slow_generation: number | null;
  slow_since: number | null;
  slow_until: number | null;
}

export function healthIn(row: HealthRow): EndpointHealth | undefined {
  return row.generation === null && row.slow_generation === null ? undefined : toHealth(row);
}

function toHealth(row: HealthRow): EndpointHealth {
  return {
    tenantId: row.tenant,
    endpointId: row.endpoint,
    generation: row.generation ?? row.slow_generation ?? 0,
    consecutiveFailures: row.failures ?? 0,
    ...(row.failing_since !== null && { failingSince: row.failing_since }),
    ...(row.last_attempted_at !== null && { lastAttemptedAt: row.last_attempted_at }),
    ...(row.last_success_at !== null && { lastSuccessAt: row.last_success_at }),
    ...(row.last_status_code !== null && { lastStatusCode: row.last_status_code }),
    ...(row.slow_generation !== null && { slowGeneration: row.slow_generation }),
    ...(row.slow_since !== null && { slowSince: row.slow_since }),
    ...(row.slow_until !== null && { slowUntil: row.slow_until }),
  };
}
