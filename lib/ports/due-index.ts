import type { DeliveryKey } from '../domain/ids.ts';

/** Something unfinished, with the time at which sweep checks it. */
export type DueEntry =
  | { kind: 'delivery'; key: DeliveryKey; checkAt: number }
  | { kind: 'job'; tenantId: string; jobId: string; checkAt: number };

export interface DuePage {
  entries: DueEntry[];
  next?: string;
}

/**
 * Everything unfinished, by the minute of its `checkAt` (invariant 4). The write of a record adds or removes its entry; the
 * index may lag behind the records.
 */
export interface DueIndex {
  /** @param minute whole minutes since the Unix epoch */
  page(minute: number, cursor: string | undefined, limit: number): Promise<DuePage>;
  /** The first minute that sweep still has to read; undefined before the first sweep. */
  watermark(): Promise<number | undefined>;
  /** Moves the watermark forward, never back. */
  raiseWatermark(minute: number): Promise<void>;
}
