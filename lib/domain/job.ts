export type JobKind = 'abandon' | 'release' | 'discard' | 'probe' | 'fan-out';
export type JobStatus = 'running' | 'done' | 'cancelled';

/** Bulk work with a cursor and a progress. Times are milliseconds since the Unix epoch. */
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
  /** Raised by each page; a message of a lower step is stale (protocol E2). */
  step: number;
  /** Where the next page starts; absent at the beginning of a scan. */
  cursor?: string;
  /** Deliveries moved so far. */
  processed: number;
  /** Release: when the last scan found none; it scans once more ten minutes later (protocol D4). */
  emptySince?: number;
  /** Probe: how long the endpoint cooled down before the last one, in milliseconds. */
  coolDownMs?: number;
  /** When sweep looks whether it still moves; absent when it is finished. */
  checkAt?: number;
  createdAt: number;
  updatedAt: number;
}
