import type { DeliveryKey } from '../domain/ids.ts';

/** Something unfinished, with the time at which sweep checks it. */
export type DueEntry =
  | { kind: 'delivery'; key: DeliveryKey; checkAt: number }
  | { kind: 'job'; tenantId: string; jobId: string; checkAt: number };

/** One shard of a minute. */
export interface DuePlace {
  /** Whole minutes since the Unix epoch. */
  minute: number;
  /** 0 to `shards()` - 1. */
  shard: number;
}

export interface DuePage {
  entries: DueEntry[];
  next?: string;
}

/**
 * Everything unfinished, by the minute of its `checkAt` (invariant 4). The write of a record adds or removes its entry; the
 * index may lag behind the records.
 */
export interface DueIndex {
  /** Consistent. How many shards a minute has; no entry is in a higher one. */
  shards(): Promise<number>;
  /** {@link shards}, raised to what the deployment asks for: sweep alone may, because it reads all of them from then on. */
  raiseShards(): Promise<number>;
  page(place: DuePlace, cursor: string | undefined, limit: number): Promise<DuePage>;
  /** The first minute that sweep still has to read; undefined before the first sweep. */
  watermark(): Promise<number | undefined>;
  /** Moves the watermark forward, never back. */
  raiseWatermark(minute: number): Promise<void>;
  /**
   * Moves an entry that sweep could not move on. Its record stays as it is and need not be readable; the next write of the
   * record moves the entry again.
   * @param next when sweep looks again, by the check time of the record itself; all in milliseconds since the Unix epoch
   * @returns the new time; undefined when the entry is no longer where it was seen
   */
  postpone(entry: DueEntry, next: (checkAt: number) => number): Promise<number | undefined>;
}
