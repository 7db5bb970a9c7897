import type { Job } from '../../domain/job.ts';
import { CHANGE_LIMIT, REPAIR_CHECK } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { type MatchingPorts, updateMatching } from '../endpoints/matching.ts';
import { FINISHED, type PageResult } from './page-result.ts';

export type RepairPorts = MatchingPorts & Pick<Ports, 'clock'>;

/** Finishes a change of what an endpoint matches, whose process has not said that it did. Repeating it does no harm. */
export async function workRepair(ports: RepairPorts, job: Job): Promise<PageResult> {
  const { tenantId, endpointId = '', generation = 0, createdAt } = job;
  const now = ports.clock.now();
  const endpoint = await ports.endpoints.get(tenantId, endpointId);
  if (endpoint && endpoint.generation >= generation) {
    await updateMatching(ports, endpoint);
    return FINISHED;
  }
  if (now - createdAt > CHANGE_LIMIT) return FINISHED;
  return { processed: 0, done: false, nextInSeconds: 0, checkAt: now + REPAIR_CHECK };
}
