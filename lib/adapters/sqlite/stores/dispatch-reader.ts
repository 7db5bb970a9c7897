import type { Statement } from '../database/statement.ts';
import type { Event } from '../../../domain/event.ts';
import type { DeliveryKey } from '../../../domain/ids.ts';
import type { DispatchReader, Snapshot } from '../../../ports/dispatch-reader.ts';
import type { Database } from '../database/database.ts';
import type { Horizon } from '../database/log-lifetime.ts';
import { parseDelivery } from './delivery-log.ts';
import { HEALTH_COLUMNS, HEALTH_JOINS, type HealthRow, healthIn } from './endpoint-health-store.ts';
import { parseEndpoint } from './endpoint-store.ts';
import { parseEvent } from './event-log.ts';

/**
 * Reads a whole batch in one synchronous step, between writes: always consistently, whatever the caller asks for. All that
 * a message needs comes from one statement, because each begins and ends a transaction.
 */
export class SqliteDispatchReader implements DispatchReader {
  readonly #database: Database;
  readonly #horizon: Horizon;
  readonly #read: Statement;
  readonly #readForEvent: Statement;

  constructor(database: Database, horizon: Horizon) {
    this.#database = database;
    this.#horizon = horizon;
    this.#read = database.prepare(readOf('events.data, events.body AS event_body', EVENT_JOIN));
    this.#readForEvent = database.prepare(readOf('NULL AS data, NULL AS event_body', ''));
  }

  read(keys: readonly DeliveryKey[]): Promise<Snapshot[]> {
    const horizon = this.#horizon();
    return this.#database.read(() => keys.map((key) => this.#snapshot(key, horizon)));
  }

  /** Of an event to a thousand endpoints many messages come up in one turn: it is read and parsed for the first of them. */
  #snapshot({ tenantId, endpointId, eventId, ordinal }: DeliveryKey, horizon: number): Snapshot {
    const name = `event ${tenantId} ${eventId}`;
    const known = this.#database.kept<Event>(name);
    const statement = known ? this.#readForEvent : this.#read;
    const row = statement.get(tenantId, endpointId, eventId, ordinal, horizon) as unknown as SnapshotRow;
    const { record, endpoint_body: endpoint } = row;
    const event = known ?? eventIn(row);
    if (event && !known) this.#database.keep(name, event);
    return {
      event,
      record: record === null ? undefined : parseDelivery({ body: record }),
      endpoint: endpoint === null ? undefined : parseEndpoint({ body: endpoint }),
      health: healthIn(row),
      braked: row.braked === 1,
    };
  }
}

function eventIn({ data, event_body: body }: SnapshotRow): Event | undefined {
  return body === null || data === null ? undefined : parseEvent({ data, body });
}

interface SnapshotRow extends HealthRow {
  data: string | null;
  event_body: string | null;
  record: string | null;
  endpoint_body: string | null;
  braked: number;
}

const EVENT_JOIN = 'LEFT JOIN events ON events.tenant = ?1 AND events.id = ?3 AND events.accepted_at > ?5';

/** Always a row; each part of it may be missing. Its parameters are numbered: named ones take longer to bind. */
const readOf = (eventColumns: string, eventJoin: string) => `
  SELECT ${eventColumns},
    (SELECT body FROM deliveries
     WHERE tenant = ?1 AND endpoint = ?2 AND event = ?3 AND ordinal = ?4
       AND (check_at IS NOT NULL OR created_at > ?5)) AS record,
    (SELECT body FROM endpoints WHERE tenant = ?1 AND id = ?2) AS endpoint_body,
    EXISTS (SELECT 1 FROM brakes WHERE scope IN ('deployment', 'tenant ' || ?1)) AS braked,
    ${HEALTH_COLUMNS}
  FROM (SELECT ?1 AS tenant, ?2 AS endpoint) AS named
  ${eventJoin}
  ${HEALTH_JOINS}`;
