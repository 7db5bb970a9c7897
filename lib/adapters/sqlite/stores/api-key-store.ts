import type { Statement } from '../database/statement.ts';
import type { ApiKey, ApiKeyPage, ApiKeyStore, KeyOwner } from '../../../ports/api-key-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** Of the index of keys by owner; the platform's own have the empty text, which is no tenant's id. */
const OWNER = `coalesce(body ->> '$.tenantId', '')`;
const ID = `body ->> '$.id'`;

export class SqliteApiKeyStore implements ApiKeyStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #find: Statement;
  readonly #get: Statement;
  readonly #page: Statement;
  readonly #countLive: Statement;
  readonly #put: Statement;
  readonly #revoke: Statement;
  readonly #endBy: Statement;
  readonly #noteUse: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#find = database.prepare('SELECT body FROM api_keys WHERE hash = ?');
    this.#get = database.prepare(`SELECT body FROM api_keys WHERE ${OWNER} = ? AND ${ID} = ?`);
    this.#page = database.prepare(`SELECT body FROM api_keys WHERE ${OWNER} = ? AND ${ID} > ? ORDER BY ${ID} LIMIT ?`);
    this.#countLive = database.prepare(
      `SELECT count(*) AS live FROM (
         SELECT 1 FROM api_keys WHERE ${OWNER} = :owner
           AND body ->> '$.revokedAt' IS NULL AND coalesce(body ->> '$.expiresAt' > :now, TRUE)
         LIMIT :atMost)`,
    );
    this.#put = database.prepare('INSERT INTO api_keys VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');
    this.#revoke = database.prepare(
      `UPDATE api_keys SET body = json_set(body, '$.revokedAt', coalesce(body ->> '$.revokedAt', :at))
       WHERE ${OWNER} = :owner AND ${ID} = :id RETURNING body`,
    );
    this.#endBy = database.prepare(
      `UPDATE api_keys SET body = json_set(body, '$.expiresAt', min(coalesce(body ->> '$.expiresAt', :at), :at))
       WHERE ${OWNER} = :owner AND ${ID} = :id RETURNING body`,
    );
    this.#noteUse = database.prepare(
      `UPDATE api_keys SET body = json_set(body, '$.lastUsedAt', :at)
       WHERE hash = :hash AND coalesce(body ->> '$.lastUsedAt', :since - 1) < :since`,
    );
  }

  find(hash: string): Promise<ApiKey | undefined> {
    return this.#database.readOnce(`key ${hash}`, () => asKey(this.#find.get(hash)));
  }

  get(owner: KeyOwner, id: string): Promise<ApiKey | undefined> {
    return this.#database.read(() => asKey(this.#get.get(owner ?? '', id)));
  }

  page(owner: KeyOwner, after: string | undefined, limit: number): Promise<ApiKeyPage> {
    return this.#database.read(() => {
      const rows = this.#page.all(owner ?? '', after ?? '', limit + 1);
      const keys = rows.slice(0, limit).map((row) => asKey(row) as ApiKey);
      const last = keys.at(-1);
      return rows.length > limit && last ? { keys, next: last.id } : { keys };
    });
  }

  countLive(owner: KeyOwner, now: number, atMost: number): Promise<number> {
    return this.#database.read(() => Number(this.#countLive.get({ owner: owner ?? '', now, atMost })?.live));
  }

  async put(key: ApiKey): Promise<void> {
    const body = JSON.stringify(key);
    await this.#commits.write(() => this.#put.run(key.hash, body));
  }

  revoke(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined> {
    return this.#commits.write(() => asKey(this.#revoke.get({ owner: owner ?? '', id, at })));
  }

  endBy(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined> {
    return this.#commits.write(() => asKey(this.#endBy.get({ owner: owner ?? '', id, at })));
  }

  async noteUse(hash: string, at: number, unlessSince: number): Promise<void> {
    await this.#commits.write(() => this.#noteUse.run({ hash, at, since: unlessSince }));
  }
}

function asKey(row: Record<string, unknown> | undefined): ApiKey | undefined {
  return row && (JSON.parse(row.body as string) as ApiKey);
}
