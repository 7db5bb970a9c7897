/** When deliveries are made by threads. */
export interface ThreadSettings {
  /** How many threads; 0: the main thread makes all of them. */
  count: number;
  /** They start when the main thread has been busy for this share of a second; 0: with the service. */
  busyFrom: number;
  /** They end when it has been busy for less than this share of each second, for so long (milliseconds). */
  idleBelow: number;
  idleMs: number;
  /** Each thread that is started. */
  onThread?(thread: { kill(): Promise<void> }): void;
}

export const DEFAULT_THREADS: ThreadSettings = { count: 0, busyFrom: 0.75, idleBelow: 0.25, idleMs: 30_000 };
