import type { Statement } from '../database/statement.ts';
import type { Erasure, Registration, Tenant, TenantPage, TenantStore } from '../../../ports/tenant-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Horizon } from '../database/log-lifetime.ts';

/** Registered tenants, and the tombstones of erased ones: an id is in one of the two tables. */
export class SqliteTenantStore implements TenantStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #register: Statement;
  readonly #get: Statement;
  readonly #page: Statement;
  readonly #rename: Statement;
  readonly #bury: Statement;
  readonly #remove: Statement;
  readonly #forget: readonly Statement[];

  constructor(database: Database, commits: GroupCommit, horizon: Horizon) {
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#register = database.prepare(
      `INSERT INTO tenants SELECT :id, :name, :registeredAt
       WHERE NOT EXISTS (SELECT 1 FROM erased_tenants WHERE id = :id AND erased_at > :horizon) ON CONFLICT DO NOTHING`,
    );
    this.#get = database.prepare(`SELECT * FROM (${ALL}) WHERE id = :id`);
    this.#page = database.prepare(`SELECT * FROM (${ALL}) WHERE id > :after ORDER BY id LIMIT :limit`);
    this.#rename = database.prepare('UPDATE tenants SET name = ? WHERE id = ?');
    this.#bury = database.prepare(
      `INSERT OR REPLACE INTO erased_tenants SELECT id, registered_at, :at, :jobId FROM tenants WHERE id = :id`,
    );
    this.#remove = database.prepare('DELETE FROM tenants WHERE id = ?');
    this.#forget = NOTES.map((table) => database.prepare(`DELETE FROM ${table} WHERE tenant = ?`));
  }

  registerUnlessThere({ id, name, registeredAt }: Tenant): Promise<Registration> {
    const horizon = this.#horizon();
    return this.#commits.writeTogether(() => {
      if (this.#register.run({ id, name: name ?? null, registeredAt, horizon }).changes === 1) return 'new';
      return this.#find(id)?.erasure ? 'erased' : 'there';
    });
  }

  erase(id: string, { at, jobId }: Erasure): Promise<Tenant | undefined> {
    return this.#commits.writeTogether(() => {
      this.#bury.run({ id, at, jobId });
      this.#remove.run(id);
      const tombstone = this.#find(id);
      if (tombstone) for (const statement of this.#forget) statement.run(id);
      return tombstone;
    });
  }

  get(id: string): Promise<Tenant | undefined> {
    return this.#database.read(() => this.#find(id));
  }

  page(after: string | undefined, limit: number): Promise<TenantPage> {
    return this.#database.read(() => {
      const rows = this.#page.all({ after: after ?? '', limit: limit + 1, horizon: this.#horizon() });
      const tenants = rows.slice(0, limit).map(asTenant);
      const last = tenants.at(-1);
      return rows.length > limit && last ? { tenants, next: last.id } : { tenants };
    });
  }

  async rename(id: string, name: string | undefined): Promise<void> {
    await this.#commits.write(() => this.#rename.run(name ?? null, id));
  }

  #find(id: string): Tenant | undefined {
    const row = this.#get.get({ id, horizon: this.#horizon() });
    return row && asTenant(row);
  }
}

const ALL = `
  SELECT id, name, registered_at, NULL AS erased_at, NULL AS job FROM tenants
  UNION ALL
  SELECT id, NULL, registered_at, erased_at, job FROM erased_tenants WHERE erased_at > :horizon`;

/** What ingest reads of a tenant. */
const NOTES = ['tenant_quotas', 'event_type_policies', 'subscription_shards'];

function asTenant({ id, name, registered_at: registeredAt, erased_at: at, job }: Record<string, unknown>): Tenant {
  return {
    id: id as string,
    ...(name !== null && { name: name as string }),
    registeredAt: registeredAt as number,
    ...(at !== null && { erasure: { at: at as number, jobId: job as string } }),
  };
}
