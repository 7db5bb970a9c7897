import type { Statement } from '../database/statement.ts';
import type { Endpoint } from '../../../domain/endpoint.ts';
import type { EndpointPage, EndpointStore } from '../../../ports/endpoint-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteEndpointStore implements EndpointStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: Statement;
  readonly #page: Statement;
  readonly #count: Statement;
  readonly #create: Statement;
  readonly #replace: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT body FROM endpoints WHERE tenant = ? AND id = ?');
    this.#page = database.prepare('SELECT body FROM endpoints WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?');
    this.#count = database.prepare(
      `SELECT count(*) AS live FROM endpoints INDEXED BY endpoints_live
       WHERE tenant = ? AND body ->> '$.status' <> 'revoked'`,
    );
    this.#create = database.prepare('INSERT INTO endpoints VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#replace = database.prepare(
      `UPDATE endpoints SET generation = ?, body = ?
       WHERE tenant = ? AND id = ? AND generation = ? AND coalesce(body ->> '$.secretsRevision', 0) = ?`,
    );
  }

  get(tenantId: string, endpointId: string): Promise<Endpoint | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(tenantId, endpointId);
      return row && parseEndpoint(row);
    });
  }

  page(tenantId: string, after: string | undefined, limit: number): Promise<EndpointPage> {
    return this.#database.read(() => {
      const rows = this.#page.all(tenantId, after ?? '', limit + 1);
      const endpoints = rows.slice(0, limit).map(parseEndpoint);
      const last = endpoints.at(-1);
      return rows.length > limit && last ? { endpoints, next: last.id } : { endpoints };
    });
  }

  /** They are counted each time, by an index. */
  countOneMore(tenantId: string, limit: number): Promise<number | undefined> {
    return this.#database.read(() => {
      const live = Number(this.#count.get(tenantId)?.live);
      return live < limit ? live : undefined;
    });
  }

  createUnlessExists(endpoint: Endpoint): Promise<boolean> {
    const { tenantId, id, generation } = endpoint;
    const body = JSON.stringify(endpoint);
    return this.#commits.write(() => this.#create.run(tenantId, id, generation, body).changes === 1);
  }

  replaceIfGeneration(endpoint: Endpoint, generation: number): Promise<boolean> {
    return this.#replaceIf(endpoint, generation, endpoint.secretsRevision ?? 0);
  }

  replaceSecretsIfRevision(endpoint: Endpoint, revision: number): Promise<boolean> {
    return this.#replaceIf(endpoint, endpoint.generation, revision);
  }

  #replaceIf(endpoint: Endpoint, generation: number, revision: number): Promise<boolean> {
    const { tenantId, id } = endpoint;
    const body = JSON.stringify(endpoint);
    return this.#commits.write(
      () => this.#replace.run(endpoint.generation, body, tenantId, id, generation, revision).changes === 1,
    );
  }
}

export function parseEndpoint(row: Record<string, unknown>): Endpoint {
  return JSON.parse(row.body as string) as Endpoint;
}
