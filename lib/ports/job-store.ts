import type { Job } from '../domain/job.ts';

export interface JobStore {
  /** False when the id is taken. */
  createUnlessExists(job: Job): Promise<boolean>;
  /** Consistent. */
  get(tenantId: string, jobId: string): Promise<Job | undefined>;
  /** False when the stored step is another: someone else has finished that page. */
  replaceIfStep(job: Job, step: number): Promise<boolean>;
}
