import type { Event, PayloadDeletion } from '../domain/event.ts';
import type { OutgoingMessage } from './queues.ts';

export interface EventRange {
  /** Only events before this one (its id). */
  before?: string;
  /** Accepted at or after, and before: milliseconds since the Unix epoch. */
  since?: number;
  until?: number;
  limit: number;
  /**
   * Ends the page with the event that reaches this many bytes, as `carriedBytes` counts them; it has one event at
   * least.
   */
  maxBytes?: number;
}

/** Where a page of an event's endpoint ids stands. */
export interface EndpointPagePlace {
  tenantId: string;
  eventId: string;
  /** Names who wrote the page; the event names the token whose pages count. */
  token: string;
  /** 0 for the first. */
  index: number;
}

/** The accepted events, until they expire. Expired events are not found. */
export interface EventLog {
  /** False when the id exists: nothing is written. */
  putUnlessExists(event: Event): Promise<boolean>;
  /**
   * Puts an event and sends its first messages to the queue deliveries: all of it, or nothing. Of a store that is one with
   * its queues; absent: they are sent once the event is put. False when the id exists: nothing is written or sent.
   * @throws what {@link putUnlessExists} and sending throw
   */
  putWithMessages?(event: Event, messages: readonly OutgoingMessage[]): Promise<boolean>;
  /** Consistent. */
  get(tenantId: string, eventId: string): Promise<Event | undefined>;
  /**
   * Deletes its data and its trace, and notes that; the first deletion stays.
   * @returns the event as it is now; undefined for an unknown one
   */
  deletePayload(tenantId: string, eventId: string, deletion: PayloadDeletion): Promise<Event | undefined>;
  /** Newest first. */
  page(tenantId: string, range: EventRange): Promise<Event[]>;
  /** Stores a page of endpoint ids before its event, for as long as the event. Replaces a page at the same place. */
  putEndpointPage(place: EndpointPagePlace, endpointIds: readonly string[]): Promise<void>;
  /** Consistent; undefined when there is no such page. */
  endpointPage(place: EndpointPagePlace): Promise<string[] | undefined>;
  /**
   * Adds an endpoint that a replay sends the event to. It is stored beside the event, whose own endpoints never change,
   * and expires with it (docs/delivery-states.md, Bulk jobs). False when it was already added.
   */
  addEndpointUnlessThere(tenantId: string, eventId: string, endpointId: string): Promise<boolean>;
  /** The endpoints that replays added: consistent, by id ascending. */
  addedEndpoints(tenantId: string, eventId: string): Promise<string[]>;
}
