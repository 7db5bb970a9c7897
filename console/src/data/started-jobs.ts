import { signal } from '@preact/signals';
import type { Job, Postrider } from '@postrider/sdk';
import { api } from '../session/session.ts';

/** A job that a person has started in this session. */
export interface StartedJob {
  job: Job;
  /** For its tenant, whosever data the place is about by then. */
  client: Postrider;
}

/** The newest first. They are shown on every screen until the person closes them. */
export const startedJobs = signal<readonly StartedJob[]>([]);

export function jobStarted(job: Job): void {
  startedJobs.value = [{ job, client: api() }, ...startedJobs.peek()];
}

export function forgetJob(id: string): void {
  startedJobs.value = startedJobs.peek().filter(({ job }) => job.id !== id);
}
