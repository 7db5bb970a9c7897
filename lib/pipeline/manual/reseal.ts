import { changedMeanwhile, notFound, tenantErased } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { factorContext, withNewVersion } from '../../domain/second-factor.ts';
import type { Ports } from '../../ports/ports.ts';
import type { FactorOwner } from '../../ports/second-factor-store.ts';
import { createJob, startJob } from '../job-start.ts';

type ResealPorts = Pick<Ports, 'clock' | 'random' | 'log' | 'tenants' | 'factors' | 'secrets' | 'jobs' | 'queues'>;

const MAX_TRIES = 10;

/**
 * Seals all secrets of a tenant with the newest data key: its second factor now, and that of the platform, and what its
 * endpoints have by a job.
 * @throws RequestError `not-found`, `tenant-erased`, `changed-meanwhile`
 */
export async function startReseal(ports: ResealPorts, tenantId: string): Promise<Job> {
  const tenant = await ports.tenants.get(tenantId);
  if (!tenant) throw notFound('tenant');
  if (tenant.erasure) throw tenantErased();
  for (const owner of [undefined, tenantId]) await resealFactor(ports, owner);
  const job = await createJob(ports, { tenantId, kind: 'reseal', skipped: 0 });
  await startJob(ports, job);
  return job;
}

async function resealFactor({ factors, secrets, random }: ResealPorts, owner: FactorOwner): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const factor = await factors.get(owner);
    const sealedSecret = factor && (await secrets.reseal(factor.sealedSecret, factorContext(factor)));
    if (!factor || sealedSecret === undefined) return;
    const next = withNewVersion({ ...factor, sealedSecret }, random);
    if (await factors.replaceIfVersion(next, factor.version)) return;
  }
  throw changedMeanwhile('second factor');
}
