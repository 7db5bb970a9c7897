import type { Job } from '../../domain/job.ts';
import { hasRaised } from '../../domain/operational-event.ts';
import { CHANGE_LIMIT, REPAIR_CHECK } from '../../domain/times.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { type AlertTools, tell, waitForTurn } from './tell.ts';

/** Tells that an endpoint was paused, resumed or disabled, once it is; of a change that was never made nothing. */
export async function workStatusAlert(tools: AlertTools, job: Job): Promise<PageResult> {
  const { tenantId, id, endpointId = '', generation = 0, alert, createdAt } = job;
  const now = tools.ports.clock.now();
  const endpoint = await tools.ports.endpoints.get(tenantId, endpointId);
  if (!endpoint || !alert?.type) return FINISHED;
  if (endpoint.generation < generation)
    return now - createdAt > CHANGE_LIMIT ? FINISHED : lookAgain(now + REPAIR_CHECK);
  if (!hasRaised(endpoint, id)) return FINISHED;
  const turn = await waitForTurn(tools.ports, tenantId);
  if (turn !== undefined) return lookAgain(turn);
  const facts = { reason: alert.reason ?? null, changed_at: new Date(createdAt).toISOString() };
  const processed = await tell(tools, job, { type: alert.type, at: createdAt, endpoint, facts });
  return { ...FINISHED, processed };
}

function lookAgain(checkAt: number): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt };
}
