import type { Delivery, DeliveryStatus } from '../domain/delivery.ts';
import type { NextDelivery } from '../domain/delivery-changes/next-delivery.ts';
import type { DeliveryKey } from '../domain/ids.ts';

export interface ResponseBody {
  /** The number of the attempt: 1 or more. */
  attempt: number;
  bytes: Uint8Array;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  /** Pass as `cursor` for the next page; absent on the last. */
  next?: string;
}

/** A place in a list of deliveries. */
export type DeliveryPosition = Pick<DeliveryKey, 'eventId' | 'endpointId' | 'ordinal'>;

/** The records of deliveries. Expired ones are not found. */
export interface DeliveryLog {
  /** Consistent. */
  get(key: DeliveryKey): Promise<Delivery | undefined>;
  /** Consistent, in the order of the keys; undefined where there is no record. */
  getMany(keys: readonly DeliveryKey[]): Promise<(Delivery | undefined)[]>;
  /**
   * Writes the whole record if the stored one still has the revision that was read (0: if there is none). A response body is
   * stored beside the record first.
   * @returns the stored record, of the next revision; undefined when it was superseded, and nothing is written
   */
  writeUnlessSuperseded(next: NextDelivery, responseBody?: ResponseBody): Promise<Delivery | undefined>;
  responseBodies(key: DeliveryKey): Promise<ResponseBody[]>;
  /** None of its response bodies stays. */
  removeResponseBodies(key: DeliveryKey): Promise<void>;
  /** Consistent. All of one event, every endpoint and ordinal that has a record. */
  ofEvent(tenantId: string, eventId: string, endpointIds: readonly string[]): Promise<Delivery[]>;
  /**
   * Newest event first, then the higher ordinal, starting after `before`. Fewer than `limit` are the last page.
   * @param since only deliveries of events accepted at or after it: milliseconds since the Unix epoch
   */
  pageOfEndpoint(
    tenantId: string,
    endpointId: string,
    before: DeliveryPosition | undefined,
    limit: number,
    since?: number,
  ): Promise<Delivery[]>;
  /**
   * The deliveries of one status, ordered by event, from an index that may lag. A record may have changed since: read it
   * again before acting on it. `delivered` has no index.
   */
  pageByStatus(query: StatusQuery): Promise<DeliveryPage>;
}

export interface StatusQuery {
  tenantId: string;
  status: Exclude<DeliveryStatus, 'delivered'>;
  endpointId?: string;
  /** Only deliveries of events accepted at or after, and before: milliseconds since the Unix epoch. */
  since?: number;
  until?: number;
  order: 'oldest-first' | 'newest-first';
  cursor?: string;
  limit: number;
}
