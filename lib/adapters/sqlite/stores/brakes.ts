import type { Statement } from '../database/statement.ts';
import { type BrakeScope, type Brakes, type IsBraked, MAX_TENANT_BRAKES } from '../../../ports/brakes.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

export class SqliteBrakes implements Brakes {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #others: Statement;
  readonly #set: Statement;
  readonly #release: Statement;
  readonly #get: Statement;
  readonly #all: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#others = database.prepare(`SELECT count(*) AS count FROM brakes WHERE scope <> 'deployment' AND scope <> ?`);
    this.#set = database.prepare('INSERT INTO brakes VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#release = database.prepare('DELETE FROM brakes WHERE scope = ?');
    this.#get = database.prepare('SELECT set_at FROM brakes WHERE scope = ?');
    this.#all = database.prepare('SELECT scope FROM brakes');
  }

  set(scope: BrakeScope, at: number): Promise<boolean> {
    const name = nameOf(scope);
    return this.#commits.write(() => {
      const others = Number(this.#others.get(name)?.count);
      if (scope !== 'deployment' && others >= MAX_TENANT_BRAKES) return false;
      this.#set.run(name, at);
      return true;
    });
  }

  release(scope: BrakeScope): Promise<boolean> {
    return this.#commits.write(() => this.#release.run(nameOf(scope)).changes === 1);
  }

  get(scope: BrakeScope): Promise<number | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(nameOf(scope));
      return row && Number(row.set_at);
    });
  }

  async standing(): Promise<IsBraked> {
    const set = await this.#database.read(() => new Set(this.#all.all().map(({ scope }) => scope)));
    return (tenantId) => set.has(nameOf('deployment')) || set.has(nameOf({ tenantId }));
  }
}

function nameOf(scope: BrakeScope): string {
  return scope === 'deployment' ? 'deployment' : `tenant ${scope.tenantId}`;
}
