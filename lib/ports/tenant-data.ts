import type { RemovedCounts, TenantPart } from '../domain/job.ts';

/** What can be removed of a tenant at once: its deliveries go with their endpoints. */
export type RemovablePart = Exclude<TenantPart, 'deliveries'>;

/** What one look at a part has removed. */
export interface Removal {
  removed: RemovedCounts;
  /** Nothing of the part is left, but what has been written since. */
  done: boolean;
}

/** What a tenant has in the store, to be removed for good. */
export interface TenantData {
  /**
   * Removes some of one part, with all that hangs on it, whoever is writing more of it meanwhile. What a crash has left
   * alone, so that nothing leads to it, ends when it expires.
   * @param limit about how many at most
   * @param keptJob a job that stays
   */
  removeSome(tenantId: string, part: RemovablePart, limit: number, keptJob: string): Promise<Removal>;
}
