import { type Endpoint, acceptsEvents, isTripped } from '../../domain/endpoint.ts';
import type { Job } from '../../domain/job.ts';
import { ended } from '../../domain/job-changes.ts';
import type { Ports } from '../../ports/ports.ts';
import { loggingFaults } from '../delivery/logging-faults.ts';
import { createJob, startJob } from '../job-start.ts';
import type { ChangePorts } from './change-status.ts';

/** An edit that is ready to be written, and the jobs that carry out what it means for the endpoint's deliveries. */
export interface PreparedEdit {
  endpoint: Endpoint;
  starts: readonly Job[];
  /** The id of the probe job that it ends. */
  ends?: string;
}

/**
 * Writes the jobs of an edit before the edit itself, so that a crash in between leaves nothing undone: a job whose edit
 * is never made ends by itself. Probes begin or end with `auto_resume` while the breaker has paused the endpoint; what
 * waits for a rate slot goes on when the limit is raised or removed.
 */
export async function prepareEdit(ports: ChangePorts, before: Endpoint, edited: Endpoint): Promise<PreparedEdit> {
  const { tenantId, id: endpointId, generation } = edited;
  const about = { tenantId, endpointId, generation };
  const raise = frees(before, edited) ? await createJob(ports, { ...about, kind: 'rate-change' }) : undefined;
  const after = raise ? { ...edited, rateJobId: raise.id } : edited;
  const starts = raise ? [raise] : [];
  const [was, is] = [probes(before), probes(after)];
  if (was === is) return { endpoint: after, starts };
  const { changeJobId, ...rest } = after;
  if (was) return { endpoint: rest, starts, ...(changeJobId !== undefined && { ends: changeJobId }) };
  const probe = await createJob(ports, { ...about, kind: 'probe' });
  return { endpoint: { ...rest, changeJobId: probe.id }, starts: [...starts, probe] };
}

/** After the edit was written. When a message is not sent, sweep sends it; a probe job that is not ended ends by itself. */
export async function followEdit(ports: ChangePorts, { endpoint, starts, ends }: PreparedEdit): Promise<void> {
  for (const job of starts) await startJob(ports, job);
  if (ends === undefined) return;
  await loggingFaults(ports.log, 'endpoint.job-not-ended', { job_id: ends }, () =>
    endJob(ports, endpoint.tenantId, ends),
  );
}

function probes(endpoint: Endpoint): boolean {
  return isTripped(endpoint) && endpoint.autoResume !== false;
}

/** Waiting deliveries have slots of a lower limit than there is now. */
function frees({ rateLimitPerSecond: before }: Endpoint, after: Endpoint): boolean {
  if (before === undefined || !acceptsEvents(after)) return false;
  return after.rateLimitPerSecond === undefined || after.rateLimitPerSecond > before;
}

/** A step in progress writes no other after this. */
async function endJob(ports: Pick<Ports, 'clock' | 'jobs'>, tenantId: string, id: string): Promise<void> {
  for (;;) {
    const job = await ports.jobs.get(tenantId, id);
    if (job?.status !== 'running') return;
    if (await ports.jobs.replaceIfStep(ended(job, ports.clock.now()), job.step)) return;
  }
}
