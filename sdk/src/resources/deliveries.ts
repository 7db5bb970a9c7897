import type {
  AttemptRequest,
  BulkRetry,
  Delivery,
  DeliveryDetail,
  GetDeliveryRequestQuery,
  Job,
  ListDeliveriesQuery,
  RetriesRun,
  RetriesSummary,
  RunRetriesQuery,
} from '../api-types.ts';
import { List } from '../list.ts';
import {
  type CallOptions,
  type KeyedOptions,
  type SecondFactorOptions,
  type Transport,
  segment,
} from '../transport.ts';

const PATH = '/v1/deliveries';

/** One event for one endpoint each. */
export class Deliveries {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** By endpoint, event type, status and time, newest event first. */
  list(query?: ListDeliveriesQuery, options?: CallOptions): List<Delivery> {
    return new List(this.#transport, PATH, query, options);
  }

  /** One delivery, with its attempts. */
  get(id: string, options?: CallOptions): Promise<DeliveryDetail> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}` }, options);
  }

  /** The request of an attempt, headers and body, with what is made with a secret left out. */
  request(id: string, query?: GetDeliveryRequestQuery, options?: CallOptions): Promise<AttemptRequest> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}/request`, query }, options);
  }

  /** A finished one is repeated by a new delivery, which is answered; one that waits goes now. */
  retry(id: string, options?: KeyedOptions & SecondFactorOptions): Promise<Delivery> {
    return this.#transport.send({ method: 'POST', path: `${PATH}/${segment(id)}/retry`, keyed: true }, options);
  }

  /** Retries all exhausted or abandoned ones that meet every condition, by a job. */
  retryAll(filter: BulkRetry, options?: KeyedOptions & SecondFactorOptions): Promise<Job> {
    return this.#transport.send({ method: 'POST', path: `${PATH}/retry`, body: filter, keyed: true }, options);
  }

  /** Sends waiting ones that are due on their way now. */
  runDue(query?: RunRetriesQuery, options?: CallOptions): Promise<RetriesRun> {
    return this.#transport.send({ method: 'POST', path: '/v1/retries/run', query, idempotent: true }, options);
  }

  /** What waits: counts by status, the oldest due time and the next. */
  waiting(options?: CallOptions): Promise<RetriesSummary> {
    return this.#transport.send({ method: 'GET', path: '/v1/retries/summary' }, options);
  }
}
