import type { Statement } from '../database/statement.ts';
import type { TroubledEndpoints, TroubledPage } from '../../../ports/troubled-endpoints.ts';
import { type Position, cutPage, positionAfter } from '../database/paging.ts';
import type { Database } from '../database/database.ts';

interface Row {
  tenant: string;
  id: string;
}

/** Reads the partial indexes of the paused and of the failing. */
export class SqliteTroubledEndpoints implements TroubledEndpoints {
  readonly #database: Database;
  readonly #page: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#page = database.prepare(PAGE);
  }

  page(after: string | undefined, limit: number): Promise<TroubledPage> {
    const [tenant, id] = positionAfter<[string, string]>(after, ['', '']);
    return this.#database.read(() => {
      const rows = this.#page.all({ tenant, id, limit: limit + 1 }) as unknown as Row[];
      const [page, next] = cutPage(rows, limit, (row): Position => [row.tenant, row.id]);
      const endpoints = page.map((row) => ({ tenantId: row.tenant, id: row.id }));
      return next === undefined ? { endpoints } : { endpoints, next };
    });
  }
}

const PAGE = `
  SELECT tenant, id FROM endpoints
  WHERE body ->> '$.status' = 'paused' AND (tenant, id) > (:tenant, :id)
  UNION
  SELECT tenant, endpoint FROM endpoint_health WHERE failures > 0 AND (tenant, endpoint) > (:tenant, :id)
  ORDER BY 1, 2 LIMIT :limit`;
