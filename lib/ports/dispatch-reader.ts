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

/** One consistent read a batch (protocol B3). */
export interface DispatchReader {
  /** In the order of the keys. Keys may repeat. */
  read(keys: readonly DeliveryKey[]): Promise<Snapshot[]>;
}
