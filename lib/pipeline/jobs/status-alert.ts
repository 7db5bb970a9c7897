import type { Job } from '../../domain/job.ts';
import { hasRaised } from '../../domain/operational-event.ts';
import { CHANGE_LIMIT, REPAIR_CHECK } from '../../domain/times.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { type Pending, pendingOf, sendOn } from './send-on.ts';
import { type Alert, type AlertTools, tell, waitForTurn } from './tell.ts';

/**
 * Tells that an endpoint was paused, resumed or disabled, once it is; of a change that was never made nothing. The
 * operational event comes first; then the job has a cursor, and sends the alert on.
 */
export async function workStatusAlert(tools: AlertTools, job: Job): Promise<PageResult> {
  if (job.cursor !== undefined) return workPending(tools, JSON.parse(job.cursor) as Pending);
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
  const told: Alert = { type: alert.type, at: createdAt, endpoint, facts };
  const processed = await tell(tools, job, told);
  const pending = pendingOf(tools, job, told);
  return pending ? { ...goingOn(pending), processed } : { ...FINISHED, processed };
}

async function workPending(tools: AlertTools, pending: Pending): Promise<PageResult> {
  const sent = await sendOn(tools, pending);
  return sent.kind === 'ended' ? FINISHED : { ...goingOn(sent.pending), checkAt: sent.at };
}

function goingOn(pending: Pending): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, cursor: JSON.stringify(pending) };
}

function lookAgain(checkAt: number): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt };
}
