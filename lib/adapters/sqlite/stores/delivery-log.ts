import type { Statement } from '../database/statement.ts';
import { type Delivery, revised } from '../../../domain/delivery.ts';
import { NextDelivery } from '../../../domain/delivery-changes/next-delivery.ts';
import { type DeliveryKey, firstUlidAt } from '../../../domain/ids.ts';
import type {
  DeliveryLog,
  DeliveryPage,
  DeliveryPosition,
  ResponseBody,
  StatusQuery,
} from '../../../ports/delivery-log.ts';
import { type Position, cutPage, positionAfter } from '../database/paging.ts';
import type { Database } from '../database/database.ts';
import { type DeliveryPages, prepareDeliveryPages } from './delivery-pages.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import { EXPIRED, type Horizon, UNEXPIRED } from '../database/log-lifetime.ts';

/** After every event's id, every endpoint's id and every ordinal. */
const LAST = '~';
const LAST_ORDINAL = Number.MAX_SAFE_INTEGER;

const KEY = 'tenant = :tenant AND endpoint = :endpoint AND event = :event AND ordinal = :ordinal';

/** A record expires some time after its creation, but not while it is unfinished, because sweep still needs it. */
export class SqliteDeliveryLog implements DeliveryLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #resultWaitMs: number;
  readonly #statements: Statements;
  readonly #pages: DeliveryPages;

  /** @param resultWaitMs how long a success waits for a commit to share */
  constructor(database: Database, commits: GroupCommit, horizon: Horizon, resultWaitMs = 0) {
    this.#resultWaitMs = resultWaitMs;
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#statements = prepareStatements(database);
    this.#pages = prepareDeliveryPages(database);
  }

  get(key: DeliveryKey): Promise<Delivery | undefined> {
    return this.#database.read(() => this.#read(key));
  }

  #read(key: DeliveryKey): Delivery | undefined {
    const row = this.#statements.get.get({ ...keyParameters(key), horizon: this.#horizon() });
    return row && parseDelivery(row);
  }

  getMany(keys: readonly DeliveryKey[]): Promise<(Delivery | undefined)[]> {
    return this.#database.read(() => keys.map((key) => this.#read(key)));
  }

  async writeUnlessSuperseded(changed: NextDelivery, responseBody?: ResponseBody): Promise<Delivery | undefined> {
    const record = NextDelivery.recordIn(changed);
    const next = revised(record);
    const body = JSON.stringify(next);
    const put = () => (record.revision === 0 ? this.#insert(next, body) : this.#update(next, body, record.revision));
    const written = responseBody
      ? this.#commits.writeTogether(() => put() && this.#keepBody(next, responseBody))
      : this.#commits.writeSoon(next.status === 'delivered' ? this.#resultWaitMs : 0, put);
    return (await written) ? next : undefined;
  }

  responseBodies(key: DeliveryKey): Promise<ResponseBody[]> {
    return this.#database.read(() => {
      const rows = this.#statements.bodies.all({ ...keyParameters(key), horizon: this.#horizon() });
      return rows.map((row) => ({ attempt: Number(row.attempt), bytes: row.bytes as Uint8Array }));
    });
  }

  async removeResponseBodies(key: DeliveryKey): Promise<void> {
    await this.#commits.write(() => this.#statements.removeBodies.run(keyParameters(key)));
  }

  ofEvent(tenantId: string, eventId: string, endpointIds: readonly string[]): Promise<Delivery[]> {
    const horizon = this.#horizon();
    return this.#database.read(() =>
      endpointIds.flatMap((endpoint) =>
        this.#statements.ofPair.all({ tenant: tenantId, endpoint, event: eventId, horizon }).map(parseDelivery),
      ),
    );
  }

  pageOfEndpoint(
    tenantId: string,
    endpointId: string,
    before: DeliveryPosition | undefined,
    limit: number,
    since?: number,
  ): Promise<Delivery[]> {
    const { eventId: event = LAST, ordinal = LAST_ORDINAL } = before ?? {};
    const place = { tenant: tenantId, endpoint: endpointId, event, ordinal, since: boundAt(since, '') };
    const parameters = { ...place, horizon: this.#horizon(), limit };
    return this.#database.read(() => this.#pages.ofEndpoint.all(parameters).map(parseDelivery));
  }

  async pageByStatus(query: StatusQuery): Promise<DeliveryPage> {
    const { tenantId, status, endpointId, order, limit } = query;
    const start: [string, string, number] = order === 'oldest-first' ? ['', '', -1] : [LAST, LAST, LAST_ORDINAL];
    const [event, endpoint, ordinal] = positionAfter(query.cursor, start);
    const bounds = { since: boundAt(query.since, ''), until: boundAt(query.until, LAST) };
    const place = { tenant: tenantId, status, event, ordinal, ...bounds };
    const parameters = { ...place, horizon: this.#horizon(), limit: limit + 1 };
    const rows = await this.#database.read(() =>
      endpointId === undefined
        ? this.#pages.ofStatus[order].all({ ...parameters, endpoint })
        : this.#pages.ofEndpointStatus[order].all({ ...parameters, endpoint: endpointId }),
    );
    const [deliveries, next] = cutPage(rows.map(parseDelivery), limit, positionOf);
    return next === undefined ? { deliveries } : { deliveries, next };
  }

  #update(record: Delivery, body: string, readRevision: number): boolean {
    const parameters = { ...recordParameters(record, body), horizon: this.#horizon(), readRevision };
    return this.#statements.update.run(parameters).changes === 1;
  }

  /** An expired record that is not purged yet counts as none: it is replaced. */
  #insert(record: Delivery, body: string): boolean {
    if (this.#insertOnce(record, body)) return true;
    const expired = { ...keyParameters(record), horizon: this.#horizon() };
    return this.#statements.removeExpired.run(expired).changes === 1 && this.#insertOnce(record, body);
  }

  /** Each delivery is inserted once: its parameters are numbered, for named ones take longer to bind. */
  #insertOnce(record: Delivery, body: string): boolean {
    const { tenantId, endpointId, eventId, ordinal, revision, status, checkAt = null, createdAt } = record;
    const key = [tenantId, endpointId, eventId, ordinal] as const;
    return this.#statements.insert.run(...key, revision, status, checkAt, createdAt, body).changes === 1;
  }

  #keepBody(record: Delivery, body: ResponseBody): true {
    this.#statements.keepBody.run({ ...keyParameters(record), attempt: body.attempt, bytes: body.bytes });
    return true;
  }
}

type Statements = Record<
  'get' | 'insert' | 'removeExpired' | 'update' | 'keepBody' | 'bodies' | 'removeBodies' | 'ofPair',
  Statement
>;

function prepareStatements(database: Database): Statements {
  return {
    get: database.prepare(`SELECT body FROM deliveries WHERE ${KEY} AND ${UNEXPIRED}`),
    insert: database.prepare(
      `INSERT INTO deliveries (tenant, endpoint, event, ordinal, revision, status, check_at, created_at, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    removeExpired: database.prepare(`DELETE FROM deliveries WHERE ${KEY} AND ${EXPIRED}`),
    update: database.prepare(
      `UPDATE deliveries SET revision = :revision, status = :status, check_at = :checkAt,
         created_at = :createdAt, body = :body
       WHERE ${KEY} AND revision = :readRevision AND ${UNEXPIRED}`,
    ),
    keepBody: database.prepare(
      `INSERT OR REPLACE INTO response_bodies (delivery, attempt, bytes)
       SELECT row, :attempt, :bytes FROM deliveries WHERE ${KEY}`,
    ),
    bodies: database.prepare(
      `SELECT attempt, bytes FROM response_bodies
       WHERE delivery = (SELECT row FROM deliveries WHERE ${KEY} AND ${UNEXPIRED}) ORDER BY attempt`,
    ),
    removeBodies: database.prepare(
      `DELETE FROM response_bodies WHERE delivery = (SELECT row FROM deliveries WHERE ${KEY})`,
    ),
    ofPair: database.prepare(
      `SELECT body FROM deliveries WHERE tenant = :tenant AND endpoint = :endpoint AND event = :event AND ${UNEXPIRED}
       ORDER BY ordinal`,
    ),
  };
}

function keyParameters(key: DeliveryKey): Record<string, string | number> {
  return { tenant: key.tenantId, endpoint: key.endpointId, event: key.eventId, ordinal: key.ordinal };
}

function recordParameters(record: Delivery, body: string): Record<string, string | number | null> {
  return {
    ...keyParameters(record),
    revision: record.revision,
    status: record.status,
    checkAt: record.checkAt ?? null,
    createdAt: record.createdAt,
    body,
  };
}

/** Events' ids begin with their time, so a bound of time is a bound of ids. */
function boundAt(ms: number | undefined, unbounded: string): string {
  return ms === undefined ? unbounded : `evt_${firstUlidAt(ms)}`;
}

export function parseDelivery(row: Record<string, unknown>): Delivery {
  return JSON.parse(row.body as string) as Delivery;
}

function positionOf(delivery: Delivery): Position {
  return [delivery.eventId, delivery.endpointId, delivery.ordinal];
}
