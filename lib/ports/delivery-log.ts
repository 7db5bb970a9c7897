import type { Delivery, DeliveryStatus } from '../domain/delivery.ts';
import type { DeliveryKey } from '../domain/ids.ts';
import type { NextDelivery } from '../domain/delivery-changes.ts';

export interface ResponseBody {
  /** The attempt that it answered: ≥ 1. */
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
   * Writes the whole record if the one in the log still has the revision that `record` was read with (0: if there is
   * none), whatever either of them changes. With a response body, that is kept beside it first.
   * @returns the record as it stands now, of the next revision; undefined: superseded, nothing is written
   */
  writeUnlessSuperseded(record: NextDelivery, responseBody?: ResponseBody): Promise<Delivery | undefined>;
  responseBodies(key: DeliveryKey): Promise<ResponseBody[]>;
  /** Consistent. All of one event, every endpoint and ordinal that has a record. */
  ofEvent(tenantId: string, eventId: string, endpointIds: readonly string[]): Promise<Delivery[]>;
  /** Newest event first, then the higher ordinal; those after `before` in that order. Fewer than `limit`: the last page. */
  pageOfEndpoint(
    tenantId: string,
    endpointId: string,
    before: DeliveryPosition | undefined,
    limit: number,
  ): Promise<Delivery[]>;
  /**
   * Those of one failing-path status (not `delivered`), from an index that may lag: `order` by event. A record may have
   * moved on since; who acts on it reads it again.
   */
  pageByStatus(query: StatusQuery): Promise<DeliveryPage>;
}

export interface StatusQuery {
  tenantId: string;
  status: Exclude<DeliveryStatus, 'delivered'>;
  endpointId?: string;
  order: 'oldest-first' | 'newest-first';
  cursor?: string;
  limit: number;
}
