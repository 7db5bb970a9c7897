import type { StatementSync } from 'node:sqlite';
import type { EndpointHealth } from '../../../domain/endpoint.ts';
import type { EndpointHealthStore, FailureNote } from '../../../ports/endpoint-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteEndpointHealthStore implements EndpointHealthStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: StatementSync;
  readonly #count: StatementSync;
  readonly #clear: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT * FROM endpoint_health WHERE tenant = ? AND endpoint = ?');
    this.#count = database.prepare(COUNT_FAILURE);
    this.#clear = database.prepare(CLEAR_FAILURES);
  }

  get(tenantId: string, endpointId: string): Promise<EndpointHealth | undefined> {
    return this.#database.read(() => this.readNow(tenantId, endpointId));
  }

  /** {@link get}, synchronously: for a caller that reads several things in one step. */
  readNow(tenantId: string, endpointId: string): EndpointHealth | undefined {
    const row = this.#get.get(tenantId, endpointId);
    return row && toHealth(row as unknown as HealthRow);
  }

  countFailure(note: FailureNote): Promise<EndpointHealth> {
    return this.#commits.write(() => {
      const written = this.#count.get(parametersOf(note)) ?? this.#get.get(note.tenantId, note.endpointId);
      return toHealth(written as unknown as HealthRow);
    });
  }

  async clearFailures(note: FailureNote): Promise<void> {
    await this.#commits.write(() => this.#clear.run(parametersOf(note)));
  }
}

/** A note of an older generation changes nothing, and therefore returns no row. */
const COUNT_FAILURE = `
  INSERT INTO endpoint_health AS old
    (tenant, endpoint, generation, failures, failing_since, last_attempted_at, last_status_code)
  VALUES (:tenant, :endpoint, :generation, 1, :at, :at, :status)
  ON CONFLICT DO UPDATE SET
    failures = CASE WHEN :generation > old.generation THEN 1 ELSE old.failures + 1 END,
    failing_since = CASE WHEN :generation > old.generation OR old.failures = 0 THEN :at ELSE old.failing_since END,
    generation = :generation, last_attempted_at = :at, last_status_code = :status
  WHERE :generation >= old.generation
  RETURNING *`;

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

interface HealthRow {
  tenant: string;
  endpoint: string;
  generation: number;
  failures: number;
  failing_since: number | null;
  last_attempted_at: number | null;
  last_success_at: number | null;
  last_status_code: number | null;
}

function toHealth(row: HealthRow): EndpointHealth {
  return {
    tenantId: row.tenant,
    endpointId: row.endpoint,
    generation: row.generation,
    consecutiveFailures: row.failures,
    ...(row.failing_since !== null && { failingSince: row.failing_since }),
    ...(row.last_attempted_at !== null && { lastAttemptedAt: row.last_attempted_at }),
    ...(row.last_success_at !== null && { lastSuccessAt: row.last_success_at }),
    ...(row.last_status_code !== null && { lastStatusCode: row.last_status_code }),
  };
}
