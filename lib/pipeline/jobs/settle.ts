import type { Job } from '../../domain/job.ts';
import { CLAIMS_KEPT, SETTLE_CHECK } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { type SettlePorts, settle } from '../polls/settle.ts';
import { FINISHED, type PageResult } from './page-result.ts';

export type SettlePagePorts = SettlePorts & Pick<Ports, 'endpoints'>;

/**
 * One look at a poll endpoint, which has this job from before its creation to its end: settles what a crash, a removed
 * consumer or the end of a time has left.
 */
export async function workSettlePage(ports: SettlePagePorts, job: Job): Promise<PageResult> {
  const { tenantId, endpointId = '', createdAt } = job;
  const now = ports.clock.now();
  const later: PageResult = { processed: 0, done: false, nextInSeconds: 0, checkAt: now + SETTLE_CHECK };
  const endpoint = await ports.endpoints.get(tenantId, endpointId);
  // A repeated creation with the same key makes it as long as the key stands for it.
  if (!endpoint) return now - createdAt > 2 * CLAIMS_KEPT ? FINISHED : later;
  const { count, more } = await settle(ports, endpoint);
  if (more) return { processed: count, done: false, nextInSeconds: 0 };
  return endpoint.status === 'revoked' ? lastLook(job, now, count) : { ...later, processed: count };
}

/** What was being written when it was revoked comes to light before the look after. */
function lastLook({ emptySince }: Job, now: number, processed: number): PageResult {
  if (emptySince !== undefined) return { ...FINISHED, processed };
  return { processed, done: false, nextInSeconds: 0, emptySince: now, checkAt: now + SETTLE_CHECK };
}
