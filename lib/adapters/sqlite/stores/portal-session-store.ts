import type { Statement } from '../database/statement.ts';
import type { PortalSession } from '../../../domain/portal-session.ts';
import type { PortalSessionStore, SessionOpening, SessionOwner } from '../../../ports/portal-session-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

const ONE = 'owner = :owner AND id = :id';
const FIELD = (name: string) => `body ->> '$.${name}'`;
/** Whoever opens or extends it may have read the clock before it was revoked. */
const NOT_REVOKED = `${FIELD('revokedAt')} IS NULL`;

/** The platform's own sessions have the empty text as their owner, which is no tenant's id. */
export class SqlitePortalSessionStore implements PortalSessionStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #create: Statement;
  readonly #find: Statement;
  readonly #get: Statement;
  readonly #page: Statement;
  readonly #count: Statement;
  readonly #open: Statement;
  readonly #extend: Statement;
  readonly #revoke: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#create = database.prepare('INSERT INTO portal_sessions VALUES (:owner, :id, :endsAt, :body)');
    this.#find = database.prepare(
      `SELECT body FROM portal_sessions WHERE ${FIELD('codeHash')} = :hash
       UNION ALL SELECT body FROM portal_sessions WHERE ${FIELD('tokenHash')} = :hash`,
    );
    this.#get = database.prepare(`SELECT body FROM portal_sessions WHERE ${ONE}`);
    this.#page = database.prepare(
      'SELECT body FROM portal_sessions WHERE owner = :owner AND id < :before ORDER BY id DESC LIMIT :limit',
    );
    this.#count = database.prepare(
      `SELECT count(*) AS count FROM
         (SELECT 1 FROM portal_sessions WHERE owner = :owner AND id >= :id LIMIT :atMost)`,
    );
    this.#open = database.prepare(
      `UPDATE portal_sessions SET ends_at = :endsAt,
         body = json_set(body, '$.openedAt', :at, '$.tokenHash', :tokenHash, '$.endsAt', :endsAt)
       WHERE ${ONE} AND ${FIELD('openedAt')} IS NULL AND ends_at > :at AND ${NOT_REVOKED} RETURNING body`,
    );
    this.#extend = database.prepare(
      `UPDATE portal_sessions SET ends_at = :endsAt, body = json_set(body, '$.endsAt', :endsAt)
       WHERE ${ONE} AND ${FIELD('openedAt')} IS NOT NULL AND ends_at > :now AND ${NOT_REVOKED} RETURNING body`,
    );
    this.#revoke = database.prepare(
      `UPDATE portal_sessions SET ends_at = min(ends_at, :at),
         body = json_set(body, '$.endsAt', min(ends_at, :at), '$.revokedAt', coalesce(${FIELD('revokedAt')}, :at))
       WHERE ${ONE} RETURNING body`,
    );
  }

  async create(session: PortalSession): Promise<void> {
    const { tenantId: owner = '', id, endsAt } = session;
    await this.#commits.write(() => this.#create.run({ owner, id, endsAt, body: JSON.stringify(session) }));
  }

  find(hash: string): Promise<PortalSession | undefined> {
    return this.#database.read(() => asSession(this.#find.get({ hash })));
  }

  get(owner: SessionOwner, id: string): Promise<PortalSession | undefined> {
    return this.#database.read(() => asSession(this.#get.get({ owner: owner ?? '', id })));
  }

  page(owner: SessionOwner, before: string | undefined, limit: number): Promise<PortalSession[]> {
    // Every id begins with `ses_`.
    const parameters = { owner: owner ?? '', before: before ?? 't', limit };
    return this.#database.read(() => this.#page.all(parameters).map((row) => asSession(row) as PortalSession));
  }

  countFrom(owner: SessionOwner, id: string, atMost: number): Promise<number> {
    return this.#database.read(() => Number(this.#count.get({ owner: owner ?? '', id, atMost })?.count));
  }

  openOnce(owner: SessionOwner, id: string, opening: SessionOpening): Promise<PortalSession | undefined> {
    return this.#commits.write(() => asSession(this.#open.get({ owner: owner ?? '', id, ...opening })));
  }

  extendIfLive(owner: SessionOwner, id: string, endsAt: number, now: number): Promise<PortalSession | undefined> {
    return this.#commits.write(() => asSession(this.#extend.get({ owner: owner ?? '', id, endsAt, now })));
  }

  revoke(owner: SessionOwner, id: string, at: number): Promise<PortalSession | undefined> {
    return this.#commits.write(() => asSession(this.#revoke.get({ owner: owner ?? '', id, at })));
  }
}

function asSession(row: Record<string, unknown> | undefined): PortalSession | undefined {
  return row && (JSON.parse(row.body as string) as PortalSession);
}
