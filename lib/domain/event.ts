/** That an event's payload was deleted. */
export interface PayloadDeletion {
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** The job that ends its deliveries. */
  jobId: string;
}

/** The data of an event without a payload. */
export const NO_DATA = 'null';

/** One thing that happened on the platform, as the log keeps it. Times are milliseconds since the Unix epoch. */
export interface Event {
  tenantId: string;
  /** `evt_` and a ULID whose time is {@link acceptedAt}. */
  id: string;
  type: string;
  /** The `data` that was posted, as JSON text; {@link NO_DATA} once it is deleted. */
  data: string;
  project?: { id: string; name?: string };
  /** The platform's trace context, as JSON text; opaque to us. */
  trace?: string;
  /** The platform's own id of the event. */
  externalId?: string;
  acceptedAt: number;
  /** When it happened, if the platform said so. */
  occurredAt?: number;
  /** The endpoints that matched when the event was accepted, ascending. Empty when they stand in pages. */
  endpointIds: readonly string[];
  /** Where the endpoints stand when there are too many for the event itself (docs/delivery-states.md, Fan-out). */
  endpointPages?: EndpointPages;
  /** A person sent it to one endpoint to try that out: it is matched with no other, and no replay sends it again. */
  isTest?: true;
  /** How many more asked for it and have a filter that left it out. Absent: none. */
  filtered?: number;
  /** Its data and its trace are gone: nothing of it is sent from now on (docs/delivery-states.md, Deleted payloads). */
  payloadDeleted?: PayloadDeletion;
}

/** The time of an event that its receivers see, the same on every attempt. */
export function eventTime({ occurredAt, acceptedAt }: Pick<Event, 'occurredAt' | 'acceptedAt'>): number {
  return occurredAt ?? acceptedAt;
}

/** Pages of endpoint ids beside an event: ascending from page to page, none of them empty. */
export interface EndpointPages {
  /** Names the post that wrote them, so that the pages of two posts of one event never mix. */
  token: string;
  /** How many pages: their indexes are 0 to `pages` - 1. */
  pages: number;
  /** How many endpoints in all. */
  count: number;
}

/** How many endpoints an event was matched with. */
export function countEndpoints(event: Pick<Event, 'endpointIds' | 'endpointPages'>): number {
  return event.endpointPages?.count ?? event.endpointIds.length;
}

/** What `matches` in subscription.ts needs to know of an event. */
export interface EventTopic extends Pick<Event, 'type' | 'project'> {
  /** Of its type, as the catalogue has it. */
  category?: string;
}

/** Ids, times and names, in any event. */
const OTHER_FIELDS_BYTES = 2048;

/**
 * How many bytes an event takes of an answer at most. Lambda carries an answer's body as a JSON string, in which each
 * quote and backslash is escaped (AWS Lambda Developer Guide: Quotas, "Invocation payload").
 */
export function carriedBytes({ data, trace = '' }: Pick<Event, 'data' | 'trace'>): number {
  return Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(trace)) + OTHER_FIELDS_BYTES;
}
