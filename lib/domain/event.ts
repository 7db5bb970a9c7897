/** One thing that happened, as kept in the log. Times are milliseconds since the Unix epoch. */
export interface Event {
  tenantId: string;
  /** `evt_` and a ULID whose time is {@link acceptedAt}. */
  id: string;
  type: string;
  /** The `data` that was posted, as JSON text. */
  data: string;
  project?: { id: string; name?: string };
  /** Opaque trace context of the platform, as JSON text. */
  trace?: string;
  /** The platform's own id of the event. */
  externalId?: string;
  acceptedAt: number;
  /** The endpoints that matched when the event was accepted, ascending; they never change. Empty with pages. */
  endpointIds: readonly string[];
  /** Where the endpoints are when there are too many for the event itself. */
  endpointPages?: EndpointPages;
}

/** Pages of endpoint ids that stand beside an event, ascending throughout, none of them empty. */
export interface EndpointPages {
  /** Names who wrote them, so that the pages of two posts of one event never mix. */
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

/** What {@link matches} needs to know of an event. */
export type EventTopic = Pick<Event, 'type' | 'project'>;
