import type { Job } from '../domain/job.ts';

export interface OpenJobsPage {
  jobs: Pick<Job, 'tenantId' | 'id'>[];
  /** Pass as `before` for the next page; absent on the last. */
  next?: string;
}

export interface JobStore {
  /** False when the id is taken, by a job that has not expired. */
  createUnlessExists(job: Job): Promise<boolean>;
  /** Consistent. */
  get(tenantId: string, jobId: string): Promise<Job | undefined>;
  /** False when the stored step is another: someone else has finished that page. */
  replaceIfStep(job: Job, step: number): Promise<boolean>;
  /** The unfinished jobs of all tenants but probes and alerts, newest first, from an index that may lag: read the job. */
  pageOpen(before: string | undefined, limit: number): Promise<OpenJobsPage>;
}
