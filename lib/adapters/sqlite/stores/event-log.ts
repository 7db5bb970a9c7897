import type { Statement } from '../database/statement.ts';
import { type Event, NO_DATA, type PayloadDeletion, carriedBytes } from '../../../domain/event.ts';
import { firstUlidAt, timeOf } from '../../../domain/ids.ts';
import type { EndpointPagePlace, EventLog, EventRange } from '../../../ports/event-log.ts';
import type { OutgoingMessage } from '../../../ports/queues.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Horizon } from '../database/log-lifetime.ts';
import type { SqliteQueues } from '../queue/queues.ts';

/** After every event's id. */
const END = 'evt_~';

export class SqliteEventLog implements EventLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #queues: SqliteQueues;
  readonly #put: Statement;
  readonly #get: Statement;
  readonly #deletePayload: Statement;
  readonly #page: Statement;
  readonly #putEndpoints: Statement;
  readonly #getEndpoints: Statement;
  readonly #add: Statement;
  readonly #added: Statement;

  constructor(database: Database, commits: GroupCommit, horizon: Horizon, queues: SqliteQueues) {
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#queues = queues;
    this.#put = database.prepare(
      'INSERT INTO events (tenant, id, accepted_at, data, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#get = database.prepare('SELECT data, body FROM events WHERE tenant = ? AND id = ? AND accepted_at > ?');
    this.#deletePayload = database.prepare(
      `UPDATE events
       SET data = '${NO_DATA}', body = json_set(json_remove(body, '$.trace'), '$.payloadDeleted', json(:deletion))
       WHERE tenant = :tenant AND id = :id AND accepted_at > :horizon AND body ->> '$.payloadDeleted' IS NULL`,
    );
    this.#page = database.prepare(
      `SELECT data, body FROM events WHERE tenant = ? AND id >= ? AND id < ? AND accepted_at > ?
       ORDER BY id DESC LIMIT ?`,
    );
    this.#putEndpoints = database.prepare(
      `INSERT OR REPLACE INTO event_endpoints (tenant, event, token, page, accepted_at, ids) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#getEndpoints = database.prepare(
      'SELECT ids FROM event_endpoints WHERE tenant = ? AND event = ? AND token = ? AND page = ? AND accepted_at > ?',
    );
    this.#add = database.prepare(
      `INSERT INTO added_endpoints (event, endpoint) SELECT row, ? FROM events WHERE tenant = ? AND id = ?
       ON CONFLICT DO NOTHING`,
    );
    this.#added = database.prepare(
      `SELECT endpoint FROM added_endpoints
       WHERE event = (SELECT row FROM events WHERE tenant = ? AND id = ? AND accepted_at > ?) ORDER BY endpoint`,
    );
  }

  putUnlessExists(event: Event): Promise<boolean> {
    return this.#commits.write(this.#putting(event));
  }

  putWithMessages(event: Event, messages: readonly OutgoingMessage[]): Promise<boolean> {
    const put = this.#putting(event);
    return this.#queues.sendBy('deliveries', messages, (insertAll, early) =>
      this.#commits.writeTogether(() => {
        const isNew = put();
        if (isNew) insertAll();
        return isNew;
      }, early),
    );
  }

  #putting(event: Event): () => boolean {
    const { data, ...rest } = event;
    const body = JSON.stringify(rest);
    return () => this.#put.run(event.tenantId, event.id, event.acceptedAt, data, body).changes === 1;
  }

  get(tenantId: string, eventId: string): Promise<Event | undefined> {
    return this.#database.read(() => {
      const row = this.#get.get(tenantId, eventId, this.#horizon());
      return row && parseEvent(row);
    });
  }

  async deletePayload(tenantId: string, eventId: string, deletion: PayloadDeletion): Promise<Event | undefined> {
    const parameters = { tenant: tenantId, id: eventId, deletion: JSON.stringify(deletion), horizon: this.#horizon() };
    await this.#commits.write(() => this.#deletePayload.run(parameters));
    return this.get(tenantId, eventId);
  }

  page(tenantId: string, range: EventRange): Promise<Event[]> {
    const horizon = this.#horizon();
    const from = firstIdAt(Math.max(range.since ?? 0, horizon));
    const until = range.until === undefined ? END : firstIdAt(range.until);
    const before = range.before !== undefined && range.before < until ? range.before : until;
    return this.#database.read(() => {
      const rows = this.#page.iterate(tenantId, from, before, horizon, range.limit);
      return untilBytes(rows.map(parseEvent), range.maxBytes);
    });
  }

  async putEndpointPage(place: EndpointPagePlace, endpointIds: readonly string[]): Promise<void> {
    const { tenantId, eventId, token, index } = place;
    const ids = JSON.stringify(endpointIds);
    await this.#commits.write(() => this.#putEndpoints.run(tenantId, eventId, token, index, timeOf(eventId), ids));
  }

  endpointPage({ tenantId, eventId, token, index }: EndpointPagePlace): Promise<string[] | undefined> {
    return this.#database.read(() => {
      const row = this.#getEndpoints.get(tenantId, eventId, token, index, this.#horizon());
      return row && (JSON.parse(row.ids as string) as string[]);
    });
  }

  addEndpointUnlessThere(tenantId: string, eventId: string, endpointId: string): Promise<boolean> {
    return this.#commits.write(() => this.#add.run(endpointId, tenantId, eventId).changes === 1);
  }

  addedEndpoints(tenantId: string, eventId: string): Promise<string[]> {
    const horizon = this.#horizon();
    return this.#database.read(() => this.#added.all(tenantId, eventId, horizon).map((row) => row.endpoint as string));
  }
}

/** Ids begin with their time, so a range of times is a range of ids. */
function firstIdAt(ms: number): string {
  return `evt_${firstUlidAt(ms)}`;
}

/** Reads no further than the event that reaches the bytes. */
function untilBytes(events: Iterable<Event>, maxBytes = Number.POSITIVE_INFINITY): Event[] {
  const taken: Event[] = [];
  let bytes = 0;
  for (const event of events) {
    taken.push(event);
    bytes += carriedBytes(event);
    if (bytes >= maxBytes) break;
  }
  return taken;
}

export function parseEvent(row: Record<string, unknown>): Event {
  return { ...(JSON.parse(row.body as string) as Omit<Event, 'data'>), data: row.data as string };
}
