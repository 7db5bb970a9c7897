import type { Statement } from '../database/statement.ts';
import type { EventType } from '../../../domain/event-type.ts';
import type { CatalogueOwner, EventTypeStore } from '../../../ports/event-type-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** The platform's catalogue has the empty text as its owner, which is no tenant's id. */
export class SqliteEventTypeStore implements EventTypeStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: Statement;
  readonly #page: Statement;
  readonly #put: Statement;
  readonly #replace: Statement;
  readonly #remove: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT body FROM event_types WHERE owner = ? AND type = ?');
    this.#page = database.prepare('SELECT body FROM event_types WHERE owner = ? AND type > ? ORDER BY type LIMIT ?');
    this.#put = database.prepare('INSERT INTO event_types VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#replace = database.prepare('UPDATE event_types SET body = ? WHERE owner = ? AND type = ?');
    this.#remove = database.prepare('DELETE FROM event_types WHERE owner = ? AND type = ?');
  }

  get(owner: CatalogueOwner, type: string): Promise<EventType | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(owner ?? '', type);
      return row && asEventType(row);
    });
  }

  page(owner: CatalogueOwner, after: string | undefined, limit: number): Promise<EventType[]> {
    return this.#database.read(() => this.#page.all(owner ?? '', after ?? '', limit).map(asEventType));
  }

  putUnlessExists(eventType: EventType): Promise<boolean> {
    const { tenantId: owner = '', type } = eventType;
    return this.#commits.write(() => this.#put.run(owner, type, JSON.stringify(eventType)).changes === 1);
  }

  replaceIfExists(eventType: EventType): Promise<boolean> {
    const { tenantId: owner = '', type } = eventType;
    return this.#commits.write(() => this.#replace.run(JSON.stringify(eventType), owner, type).changes === 1);
  }

  async remove(owner: CatalogueOwner, type: string): Promise<void> {
    await this.#commits.write(() => this.#remove.run(owner ?? '', type));
  }
}

function asEventType({ body }: Record<string, unknown>): EventType {
  return JSON.parse(body as string) as EventType;
}
