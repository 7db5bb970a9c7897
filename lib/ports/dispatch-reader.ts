import type { Delivery } from '../domain/delivery.ts';
import type { Endpoint, EndpointHealth } from '../domain/endpoint.ts';
import type { Event } from '../domain/event.ts';
import type { DeliveryKey } from '../domain/ids.ts';

/** Everything that dispatch reads of a delivery before it decides; what does not exist is undefined. */
export interface Snapshot {
  event: Event | undefined;
  record: Delivery | undefined;
  endpoint: Endpoint | undefined;
  health: EndpointHealth | undefined;
  /** The deployment's brake or the tenant's is set: nothing is sent. */
  braked: boolean;
}

/**
 * How a read sees the log. `consistent`: with every acknowledged write. `eventual`, at half the price: possibly without the
 * latest writes, usually of less than a second (DynamoDB: Read consistency). An event or a record may then be missing,
 * and a record may be outdated. Of an event, only the deletion of its payload may be missing: nothing else of it changes.
 */
export type LogView = 'consistent' | 'eventual';

/** Reads a whole batch at once (docs/delivery-states.md, Dispatch). */
export interface DispatchReader {
  /**
   * In the order of the keys, which may repeat.
   * @param log how events and records are read; endpoints, health and brakes are always read consistently
   */
  read(keys: readonly DeliveryKey[], log: LogView): Promise<Snapshot[]>;
}
