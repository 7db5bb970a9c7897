import { availableParallelism } from 'node:os';

/** When deliveries are made by threads. */
export interface ThreadSettings {
  /** How many threads at most; 0: the main thread makes all of them. */
  count: number;
  /** They start when the main thread has been busy for this share of a second; 0: with the service. */
  busyFrom: number;
  /** They end when each has been busy for less than this share of each second, for so long (milliseconds). */
  idleBelow: number;
  idleMs: number;
  /** Each thread that is started. */
  onThread?(thread: { kill(): Promise<void> }): void;
}

/** Two make as many deliveries as one thread can take in events. */
const USEFUL = 2;

/** How many threads a service may have that is told nothing else. */
export function defaultThreadCount(cores = availableParallelism()): number {
  // On two cores one thread beside the main one gives the same rate, and later arrivals (docs/performance.md).
  return cores > USEFUL ? USEFUL : 0;
}

export const DEFAULT_THREADS: ThreadSettings = { count: 0, busyFrom: 0.75, idleBelow: 0.25, idleMs: 30_000 };
