/** An event as posted and validated. */
export interface PostedEvent {
  type: string;
  /** JSON text. */
  data: string;
  project?: { id: string; name?: string };
  /** JSON text. */
  trace?: string;
  externalId?: string;
  /** Milliseconds since the Unix epoch. */
  occurredAt?: number;
}

export interface IngestRequest {
  tenantId: string;
  event: PostedEvent;
  idempotencyKey?: string;
}

/** The answer to a post. */
export interface Accepted {
  id: string;
  /** How many endpoints matched. */
  deliveries: number;
  /** How many more would have, but for their filters. Absent: none. */
  filtered?: number;
  /** What the catalogue says against it, though it is accepted. */
  warnings?: string[];
}

/** The result of one event of a batch: accepted, or what a single post would have thrown. */
export type BatchResult = Accepted | { error: unknown };
