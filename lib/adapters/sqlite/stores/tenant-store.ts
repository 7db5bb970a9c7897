import type { StatementSync } from 'node:sqlite';
import type { Tenant, TenantPage, TenantStore } from '../../../ports/tenant-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteTenantStore implements TenantStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #register: StatementSync;
  readonly #get: StatementSync;
  readonly #page: StatementSync;
  readonly #rename: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#register = database.prepare('INSERT INTO tenants VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#get = database.prepare('SELECT * FROM tenants WHERE id = ?');
    this.#page = database.prepare('SELECT * FROM tenants WHERE id > ? ORDER BY id LIMIT ?');
    this.#rename = database.prepare('UPDATE tenants SET name = ? WHERE id = ?');
  }

  registerUnlessThere({ id, name, registeredAt }: Tenant): Promise<boolean> {
    return this.#commits.write(() => this.#register.run(id, name ?? null, registeredAt).changes === 1);
  }

  get(id: string): Promise<Tenant | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(id);
      return row && asTenant(row);
    });
  }

  page(after: string | undefined, limit: number): Promise<TenantPage> {
    return this.#database.read(() => {
      const rows = this.#page.all(after ?? '', limit + 1);
      const tenants = rows.slice(0, limit).map(asTenant);
      const last = tenants.at(-1);
      return rows.length > limit && last ? { tenants, next: last.id } : { tenants };
    });
  }

  async rename(id: string, name: string | undefined): Promise<void> {
    await this.#commits.write(() => this.#rename.run(name ?? null, id));
  }
}

function asTenant({ id, name, registered_at: registeredAt }: Record<string, unknown>): Tenant {
  return {
    id: id as string,
    ...(name !== null && { name: name as string }),
    registeredAt: registeredAt as number,
  };
}
