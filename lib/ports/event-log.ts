import type { Event } from '../domain/event.ts';

export interface EventRange {
  /** Only events before this one (its id). */
  before?: string;
  /** Accepted at or after, and before: milliseconds since the Unix epoch. */
  since?: number;
  until?: number;
  limit: number;
}

/** Where a page of an event's endpoint ids stands. */
export interface EndpointPagePlace {
  tenantId: string;
  eventId: string;
  /** Of who writes it; the event names the one whose pages count. */
  token: string;
  /** 0 for the first. */
  index: number;
}

/** What was accepted, for as long as the log keeps it (default 30 d). Expired events are not found. */
export interface EventLog {
  /** False when the id is there already: nothing is written. */
  putUnlessExists(event: Event): Promise<boolean>;
  /** Consistent. */
  get(tenantId: string, eventId: string): Promise<Event | undefined>;
  /** Newest first. */
  page(tenantId: string, range: EventRange): Promise<Event[]>;
  /** Keeps a page of endpoint ids, before its event, for as long as that; what stands at the place is replaced. */
  putEndpointPage(place: EndpointPagePlace, endpointIds: readonly string[]): Promise<void>;
  /** Consistent; undefined when nothing stands there. */
  endpointPage(place: EndpointPagePlace): Promise<string[] | undefined>;
  /**
   * Notes, beside the frozen event, an endpoint that a replay sends it to (protocol A4); it expires with the event.
   * False when it is noted already.
   */
  addEndpointUnlessThere(tenantId: string, eventId: string, endpointId: string): Promise<boolean>;
  /** Those that replays added: consistent, by id ascending. */
  addedEndpoints(tenantId: string, eventId: string): Promise<string[]>;
}
