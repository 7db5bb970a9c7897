import { notFound } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { createJob, startJob } from '../job-start.ts';

/**
 * Erases a tenant: nothing is stored for it from the answer on, and a job removes what there is. The job is written first,
 * and leaves the tombstone itself if this call dies before (docs/delivery-states.md, Erased tenants).
 * @returns the job; that of the first call when the tenant is erased already
 * @throws RequestError `not-found`
 */
export async function eraseTenant(
  ports: Pick<Ports, 'clock' | 'random' | 'log' | 'tenants' | 'jobs' | 'queues'>,
  tenantId: string,
): Promise<Job> {
  const tenant = await ports.tenants.get(tenantId);
  if (!tenant) throw notFound('tenant');
  const before = tenant.erasure && (await ports.jobs.get(tenantId, tenant.erasure.jobId));
  if (before) return before;
  const job = await createJob(ports, { tenantId, kind: 'erase-tenant' });
  const erased = await ports.tenants.erase(tenantId, { at: job.createdAt, jobId: job.id });
  ports.log.warn('manual.tenant-erased', { tenant_id: tenantId, job_id: job.id });
  await startJob(ports, job);
  // Of two calls at the same moment, one job does the work, and the other ends.
  const first = erased?.erasure?.jobId ?? job.id;
  return (first === job.id ? undefined : await ports.jobs.get(tenantId, first)) ?? job;
}
