import type { ProbeNotes } from '../../domain/job.ts';

/** How one page of a job ended. */
export interface PageResult {
  processed: number;
  /** Meant, and left as they are. */
  skipped?: number;
  /** Where the next page starts; absent: at the beginning. */
  cursor?: string;
  emptySince?: number;
  done: boolean;
  /** How long the next page waits, whole seconds up to 900. */
  nextInSeconds: number;
  /** The next page comes then (milliseconds since the Unix epoch), by sweep: no message is sent. */
  checkAt?: number;
  /** Of a probe, in place of those before. */
  probe?: ProbeNotes;
}

/** The page of a job that has nothing left to do. */
export const FINISHED: PageResult = { processed: 0, done: true, nextInSeconds: 0 };
