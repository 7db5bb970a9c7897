import type { Statement } from '../database/statement.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** Where they are: a table of an owner, a version and a body, whose primary key is the owner. */
interface Place {
  table: 'alert_addresses' | 'second_factors';
  owner: 'tenant' | 'owner';
}

/** Records of which an owner has one, replaced only by who has read the last version. */
export class VersionedRecords<T extends { version: string }> {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: Statement;
  readonly #create: Statement;
  readonly #replace: Statement;
  readonly #remove: Statement;

  constructor(database: Database, commits: GroupCommit, { table, owner }: Place) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare(`SELECT body FROM ${table} WHERE ${owner} = ?`);
    this.#create = database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
    this.#replace = database.prepare(`UPDATE ${table} SET version = ?, body = ? WHERE ${owner} = ? AND version = ?`);
    this.#remove = database.prepare(`DELETE FROM ${table} WHERE ${owner} = ?`);
  }

  get(owner: string): Promise<T | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(owner);
      return row && (JSON.parse(row.body as string) as T);
    });
  }

  /** False when the stored version is another (undefined: when there is one): nothing is written. */
  replaceIfVersion(owner: string, record: T, version: string | undefined): Promise<boolean> {
    const body = JSON.stringify(record);
    return this.#commits.write(() => {
      const { changes } =
        version === undefined
          ? this.#create.run(owner, record.version, body)
          : this.#replace.run(record.version, body, owner, version);
      return changes === 1;
    });
  }

  async remove(owner: string): Promise<void> {
    await this.#commits.write(() => this.#remove.run(owner));
  }
}
