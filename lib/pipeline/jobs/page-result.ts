import type { PageEnd } from '../../domain/job-changes.ts';

/** How one page of a job ended. */
export interface PageResult extends PageEnd {
  /** How long the next page waits, whole seconds up to 900. */
  nextInSeconds: number;
}

/** The page of a job that has nothing left to do. */
export const FINISHED: PageResult = { processed: 0, done: true, nextInSeconds: 0 };
