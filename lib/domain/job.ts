import type { EndpointStatusReason } from './endpoint.ts';
import type { StatusAlertType } from './operational-event.ts';

export type JobKind =
  | 'abandon'
  | 'release'
  | 'discard'
  | 'rate-change'
  | 'probe'
  | 'fan-out'
  | 'retry'
  | 'replay'
  | 'repair'
  | 'erase-payload'
  | 'erase-tenant'
  | 'reseal'
  | 'settle'
  | 'status-alert'
  | 'exhausted-alert';
/** Is it listed for the operator? An endpoint may have probes and alerts for as long as it is in trouble. */
export function isBulkWork(kind: JobKind): boolean {
  return kind !== 'probe' && kind !== 'status-alert' && kind !== 'exhausted-alert';
}

export type JobStatus = 'running' | 'done' | 'cancelled';

/**
 * Which deliveries a bulk retry or a replay takes: those that meet all of the given conditions. Times are those of the
 * event's acceptance, in milliseconds since the Unix epoch.
 */
export interface JobSelection {
  /** Replay, erasing of a payload: this event only. */
  eventId?: string;
  /** Replay of one event: these endpoints, whatever they subscribe to; absent: those that match it now. */
  endpointIds?: readonly string[];
  /** Retry: an exact type. Replay for an endpoint: patterns, instead of what the endpoint subscribes to. */
  eventTypes?: readonly string[];
  /** Retry: only deliveries that ended so. */
  statuses?: readonly ('exhausted' | 'abandoned')[];
  since?: number;
  until?: number;
}

/** What is counted of a tenant while it is erased. `counters`: what is counted for quotas, and by day. */
export type TenantPart =
  'apiKeys' | 'endpoints' | 'deliveries' | 'events' | 'jobs' | 'eventTypes' | 'numbers' | 'counters';

/** How many of what were removed. */
export type RemovedCounts = Partial<Record<TenantPart, number>>;

/** What the probes of an endpoint remember from one to the next; durations are milliseconds. */
export interface ProbeNotes {
  /** How long the endpoint cools down after the last request, if that failed. */
  coolDownMs: number;
  /** When the last request was made, milliseconds since the Unix epoch; absent before the first. */
  requestedAt?: number;
  /** How long the present look was waited for, when the one before found nothing to send. */
  lookMs?: number;
  /** Deliveries of different events that the endpoint has refused in a row (`isRefusal`). */
  refused?: readonly string[];
}

/** What an alert is to tell. */
export interface AlertNotes {
  /** Of a change of status. */
  type?: StatusAlertType;
  reason?: EndpointStatusReason;
  /**
   * Of exhausted deliveries: the first one that no alert has told of was exhausted then (milliseconds since the Unix
   * epoch); absent: there is none.
   */
  since?: number;
}

/**
 * Work on many deliveries, page by page (docs/delivery-states.md, Jobs). Times are milliseconds since the
 * Unix epoch.
 */
export interface Job {
  tenantId: string;
  /** `job_` and a ULID. */
  id: string;
  kind: JobKind;
  /** The endpoint that it works for; absent: not for a single one. */
  endpointId?: string;
  /** The endpoint's generation after the change that asked for this job. Until the endpoint has it, the job waits. */
  generation?: number;
  status: JobStatus;
  /** Raised by each page; a message of a lower step is stale. */
  step: number;
  /** Where the next page starts; absent at the start of a scan. */
  cursor?: string;
  /** Retry and replay: which deliveries. */
  selection?: JobSelection;
  /** Deliveries changed, created or sent so far. */
  processed: number;
  /** Retry and replay: selected deliveries that were left alone, because they still wait or can't be sent. */
  skipped?: number;
  /** Erasing of a tenant: what was removed so far. */
  removed?: RemovedCounts;
  /**
   * Abandon, release and discard: when the last scan ended; absent once a later one finds something. Ten minutes after
   * it the job scans once more (docs/delivery-states.md, Endpoints).
   */
  emptySince?: number;
  /** Probe: absent before the first look. */
  probe?: ProbeNotes;
  /** Of an alert. */
  alert?: AlertNotes;
  /** When sweep checks that it still moves; absent when it has ended. */
  checkAt?: number;
  createdAt: number;
  updatedAt: number;
}
