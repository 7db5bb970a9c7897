import type { Delivery } from '../domain/delivery.ts';
import type { Endpoint, EndpointHealth } from '../domain/endpoint.ts';
import type { Event } from '../domain/event.ts';
import type { DeliveryKey } from '../domain/ids.ts';

/** All that dispatch knows of a delivery before it decides; what is absent is undefined. */
export interface Snapshot {
  event: Event | undefined;
  record: Delivery | undefined;
  endpoint: Endpoint | undefined;
  health: EndpointHealth | undefined;
  /** The deployment's brake or the tenant's is set: nothing is sent. */
  braked: boolean;
}

/**
 * How a read sees the log. `consistent`: with every write that was answered. `eventual`, for half the price: as it was a
 * moment ago, mostly less than a second (DynamoDB: Read consistency). Then an event or a record may be absent although
 * it is there, and a record may be an older state of it; an event that is found is right, for events never change.
 */
export type LogView = 'consistent' | 'eventual';

/** One read a batch (protocol B3). */
export interface DispatchReader {
  /**
   * In the order of the keys, which may repeat.
   * @param log how events and records are read; endpoints, health and brakes are consistent always
   */
  read(keys: readonly DeliveryKey[], log: LogView): Promise<Snapshot[]>;
}
