export type JobKind = 'abandon' | 'release' | 'discard' | 'probe' | 'fan-out' | 'retry' | 'replay';
export type JobStatus = 'running' | 'done' | 'cancelled';

/**
 * What a bulk retry or a replay is about: all conditions that are given hold. Times are milliseconds since the Unix
 * epoch, of the event's acceptance.
 */
export interface JobSelection {
  /** Replay: this event only. */
  eventId?: string;
  /** Replay of one event: these endpoints, whatever they subscribe to; absent: those that match it now. */
  endpointIds?: readonly string[];
  /** Retry: an exact type. Replay for an endpoint: patterns, instead of what the endpoint subscribes to. */
  eventTypes?: readonly string[];
  /** Retry: which of the finished. */
  statuses?: readonly ('exhausted' | 'abandoned')[];
  since?: number;
  until?: number;
}

/** Bulk work with a cursor and its progress. Times are milliseconds since the Unix epoch. */
export interface Job {
  tenantId: string;
  /** `job_` and a ULID. */
  id: string;
  kind: JobKind;
  /** The endpoint that it is for, if it is for one. */
  endpointId?: string;
  /** The endpoint's generation once the change that asked for this work is done; below it the work must wait. */
  generation?: number;
  status: JobStatus;
  /** Raised by each page; a message of a lower step is stale. */
  step: number;
  /** Where the next page starts; absent at the beginning of a scan. */
  cursor?: string;
  /** Retry and replay: which deliveries. */
  selection?: JobSelection;
  /** Deliveries moved or made so far. */
  processed: number;
  /** Retry and replay: deliveries that matched and were left alone (they still wait, or cannot be sent). */
  skipped?: number;
  /** Release: when the last scan found none; it scans once more ten minutes later. */
  emptySince?: number;
  /** Probe: how long the endpoint cooled down before the last one, in milliseconds. */
  coolDownMs?: number;
  /** When sweep looks whether it still moves; absent when it is finished. */
  checkAt?: number;
  createdAt: number;
  updatedAt: number;
}
