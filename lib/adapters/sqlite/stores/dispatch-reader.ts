import type { DeliveryKey } from '../../../domain/ids.ts';
import type { DispatchReader, Snapshot } from '../../../ports/dispatch-reader.ts';
import type { SqliteBrakes } from './brakes.ts';
import type { Database } from '../database/database.ts';
import type { SqliteDeliveryLog } from './delivery-log.ts';
import type { SqliteEndpointHealthStore } from './endpoint-health-store.ts';
import type { SqliteEndpointStore } from './endpoint-store.ts';
import type { SqliteEventLog } from './event-log.ts';

export interface DispatchSources {
  events: SqliteEventLog;
  deliveries: SqliteDeliveryLog;
  endpoints: SqliteEndpointStore;
  health: SqliteEndpointHealthStore;
  brakes: SqliteBrakes;
}

/** Reads a whole batch in one synchronous step, between writes: always consistently, whatever the caller asks for. */
export class SqliteDispatchReader implements DispatchReader {
  readonly #database: Database;
  readonly #sources: DispatchSources;

  constructor(database: Database, sources: DispatchSources) {
    this.#database = database;
    this.#sources = sources;
  }

  read(keys: readonly DeliveryKey[]): Promise<Snapshot[]> {
    return this.#database.read(() => keys.map((key) => this.#snapshot(key)));
  }

  #snapshot(key: DeliveryKey): Snapshot {
    const { events, deliveries, endpoints, health, brakes } = this.#sources;
    return {
      event: events.readNow(key.tenantId, key.eventId),
      record: deliveries.readNow(key),
      endpoint: endpoints.readNow(key.tenantId, key.endpointId),
      health: health.readNow(key.tenantId, key.endpointId),
      braked: brakes.isBrakedNow(key.tenantId),
    };
  }
}
