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
  /** The endpoints that matched when the event was accepted: frozen (protocol A4). */
  endpointIds: readonly string[];
}

/** What {@link matches} needs to know of an event. */
export type EventTopic = Pick<Event, 'type' | 'project'>;
