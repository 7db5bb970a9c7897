import type {
  Delivery,
  Event,
  EventAccepted,
  EventDetail,
  EventPost,
  EventReplay,
  Job,
  ListEventDeliveriesQuery,
  ListEventsQuery,
} from '../api-types.ts';
import { type BatchOptions, type EventOutcome, type PostedEvent, postAll } from '../batches/post-all.ts';
import { EventBatcher, type BatcherOptions } from '../batches/event-batcher.ts';
import { List } from '../list.ts';
import {
  type CallOptions,
  type KeyedOptions,
  type SecondFactorOptions,
  type Transport,
  segment,
} from '../transport.ts';

const PATH = '/v1/events';

/** An event of one of the given types: the type decides what its data is. */
export type TypedEvent<Events extends object, Posted extends { type: string } = EventPost> = {
  [Type in keyof Events & string]: Omit<Posted, 'type' | 'data'> & { type: Type; data: Events[Type] };
}[keyof Events & string];

/** What happened, to be sent to the endpoints that subscribed to it. */
export class PostedEvents<Events extends object> {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Posts one. When this returns, it is kept and will be delivered. */
  post(event: TypedEvent<Events>, options?: KeyedOptions): Promise<EventAccepted> {
    return this.#transport.send({ method: 'POST', path: PATH, body: event, keyed: true }, options);
  }

  /**
   * Posts any number of events, in batches of up to 100 events and 1 MiB, one after another, and says of each what
   * became of it, in their order. An event without an `idempotency_key` gets one, so that it is safe to post again. A
   * failure is the outcome of the events that it concerns, and ends nothing else.
   */
  postAll(
    events: Iterable<TypedEvent<Events, PostedEvent>> | AsyncIterable<TypedEvent<Events, PostedEvent>>,
    options?: BatchOptions,
  ): AsyncGenerator<EventOutcome<TypedEvent<Events, PostedEvent>>, void, undefined> {
    return postAll(this.#transport, events, options);
  }

  /** Collects events that are posted one by one into batches. */
  batcher(options?: BatcherOptions): EventBatcher<TypedEvent<Events, PostedEvent>> {
    return new EventBatcher(this.#transport, options);
  }

  /** The tenant's events, newest first. */
  list(query?: ListEventsQuery, options?: CallOptions): List<Event> {
    return new List(this.#transport, PATH, query, options);
  }

  /** One event, with its deliveries counted by status. */
  get(id: string, options?: CallOptions): Promise<EventDetail> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}` }, options);
  }

  deliveries(id: string, query?: ListEventDeliveriesQuery, options?: CallOptions): List<Delivery> {
    return new List(this.#transport, `${PATH}/${segment(id)}/deliveries`, query, options);
  }

  /** Sends it again, to the endpoints that match it now or to those that are named, by a job. */
  replay(id: string, to: EventReplay = {}, options?: KeyedOptions & SecondFactorOptions): Promise<Job> {
    const path = `${PATH}/${segment(id)}/replay`;
    return this.#transport.send({ method: 'POST', path, body: to, keyed: true }, options);
  }

  /** Deletes its data and its trace for good. Its unfinished deliveries are abandoned, by a job. */
  deletePayload(id: string, options?: SecondFactorOptions): Promise<Job> {
    return this.#transport.send({ method: 'DELETE', path: `${PATH}/${segment(id)}/payload` }, options);
  }
}
