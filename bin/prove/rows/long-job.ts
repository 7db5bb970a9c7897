import type { Deployment } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

/** More than 16 pages of 50. */
const EVENTS = 900;
const BATCH = 100;
const LIMIT_MS = 10 * 60_000;

export const longJob: Proof = {
  name: 'long-job',
  claim:
    'Lambda does not stop a job of more than 16 pages, or a delivery with more than 16 attempts, as a recursive loop',
  async prove(deployment) {
    const start = deployment.machine.now();
    const type = `postrider-prove.${start.toString(36)}`;
    for (let sent = 0; sent < EVENTS; sent += BATCH) {
      const events = Array.from({ length: BATCH }, (_, n) => ({ type, data: { n: sent + n } }));
      await deployment.call(200, 'POST', '/v1/events/batch', { events });
    }
    // Its deliveries go nowhere: a consumer would have to ask for them.
    return deployment.withEndpoint({ kind: 'poll', events: [type] }, async (id) => {
      const since = new Date(start - 60_000).toISOString();
      const job = await deployment.call(202, 'POST', `/v1/endpoints/${id}/replay`, { since, event_types: [type] });
      const ended = await deployment.until(() => endOf(deployment, job.id), 2000, LIMIT_MS);
      const dropped = await droppedSince(deployment, start);
      const seen = ended
        ? `${ended.status}, ${ended.processed} processed`
        : `not ended after ${LIMIT_MS / 60_000} minutes`;
      const holds = ended?.status === 'done' && ended.processed >= EVENTS && dropped === 0;
      return verdict(holds, `${seen}; ${dropped} invocations dropped`);
    });
  },
};

async function endOf(deployment: Deployment, id: string) {
  const job = await deployment.call(200, 'GET', `/v1/jobs/${id}`);
  return job.status === 'running' ? undefined : job;
}

async function droppedSince(deployment: Deployment, since: number): Promise<number> {
  const functions = await deployment.functions();
  const until = deployment.machine.now() + 300_000;
  let all = 0;
  for (const stage of ['Jobs', 'Dispatch']) {
    const dimension = `FunctionName=${functions.get(stage)}`;
    const sums = await deployment.sums('AWS/Lambda', 'RecursiveInvocationsDropped', dimension, since, until);
    all += sums.reduce((sum, one) => sum + one, 0);
  }
  return all;
}
