import type { DeliveryKey } from '../../../domain/ids.ts';
import type { DispatchReader, LogView, Snapshot } from '../../../ports/dispatch-reader.ts';
import type { BatchReader, Wanted } from '../access/batch-reader.ts';
import type { DynamoDeliveryLog } from './delivery-log.ts';
import type { DynamoEventLog } from './event-log.ts';
import { isBraked } from './brakes.ts';
import { endpointOf, healthOf } from '../layout/endpoint-item.ts';
import { brakesKey, deliveryKey, endpointKey, eventKey } from '../layout/keys.ts';

export interface DispatchSources {
  events: DynamoEventLog;
  deliveries: DynamoDeliveryLog;
  /** Which copy of the brakes this process reads. */
  brakesCopy: number;
}

/**
 * One BatchGetItem over both tables for a batch of up to 33 keys, and a second one for the data of large events, if there
 * are any. The config table is read consistently, the log table as the caller asks.
 */
export class DynamoDispatchReader implements DispatchReader {
  readonly #tables: { config: string; log: string };
  readonly #batches: BatchReader;
  readonly #sources: DispatchSources;

  constructor(tables: { config: string; log: string }, batches: BatchReader, sources: DispatchSources) {
    this.#tables = tables;
    this.#batches = batches;
    this.#sources = sources;
  }

  async read(keys: readonly DeliveryKey[], log: LogView): Promise<Snapshot[]> {
    const wanted = [
      keys.map((key) => this.#inLog(eventKey(key.tenantId, key.eventId))),
      keys.map((key) => this.#inLog(deliveryKey(key))),
      keys.map((key) => this.#inConfig(endpointKey(key.tenantId, key.endpointId))),
      keys.map(() => this.#inConfig(brakesKey(this.#sources.brakesCopy))),
    ];
    const tables = this.#tables;
    const consistentIn = log === 'consistent' ? [tables.config, tables.log] : [tables.config];
    const items = await this.#batches.read(wanted.flat(), { consistentIn });
    const [ofEvents, ofRecords, ofEndpoints, ofBrakes] = wanted.map((_, kind) =>
      items.slice(kind * keys.length, (kind + 1) * keys.length),
    );
    const events = await this.#sources.events.eventsOf(ofEvents ?? []);
    return keys.map((key, index) => ({
      event: events[index],
      record: this.#sources.deliveries.recordOf(ofRecords?.[index]),
      endpoint: endpointOf(ofEndpoints?.[index]),
      health: healthOf(key, ofEndpoints?.[index]),
      braked: isBraked(ofBrakes?.[index], key.tenantId),
    }));
  }

  #inLog(key: { pk: string; sk: string }): Wanted {
    return { table: this.#tables.log, ...key };
  }

  #inConfig(key: { pk: string; sk: string }): Wanted {
    return { table: this.#tables.config, ...key };
  }
}
