import { type Deployment, TENANT } from '../deployment.ts';
import { type Outcome, type Proof, fail, pass, skipped } from '../row.ts';

const CLAIMED_RATE = 3000;
const CLAIMED_SECONDS = 60;
/** CloudWatch has the numbers some minutes later. */
const SETTLE_MS = 180_000;

export const load: Proof = {
  name: 'load',
  claim: '3,000 single posts a second of one tenant throttle nothing',
  async prove(deployment) {
    const { rate, seconds } = deployment.flags;
    deployment.key();
    const start = deployment.machine.now();
    const statuses = await postAtRate(deployment, rate, seconds);
    await deployment.machine.sleep(SETTLE_MS);
    const throttles = await throttlesSince(deployment, start);
    const counts = [...Map.groupBy(statuses, (status) => status)].map(([status, all]) => `${all.length} × ${status}`);
    const seen = `${rate}/s for ${seconds} s: ${counts.join(', ')}; ${throttles} throttled calls of the tables`;
    return judge(seen, throttles === 0 && statuses.every((status) => status === 202), rate, seconds);
  },
};

/** Fewer posts than the claim names show no more than that they went well. */
function judge(seen: string, wentWell: boolean, rate: number, seconds: number): Outcome {
  if (!wentWell) return fail(seen);
  if (rate >= CLAIMED_RATE && seconds >= CLAIMED_SECONDS) return pass(seen);
  return skipped(`${seen}. The claim needs --rate ${CLAIMED_RATE} --seconds ${CLAIMED_SECONDS}`);
}

/** @returns the status of each post; 0 for one without an answer */
async function postAtRate(deployment: Deployment, rate: number, seconds: number): Promise<number[]> {
  const sent: Promise<number>[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const next = deployment.machine.now() + 1000;
    for (let n = 0; n < rate; n += 1) sent.push(postOne(deployment));
    await deployment.machine.sleep(Math.max(next - deployment.machine.now(), 0));
  }
  return Promise.all(sent);
}

async function postOne(deployment: Deployment): Promise<number> {
  const headers = { 'content-type': 'application/json', 'postrider-tenant': TENANT };
  const body = JSON.stringify({ type: 'postrider-prove.load', data: {} });
  const sending = { key: deployment.key(), headers, body };
  return deployment.request('POST', '/v1/events', sending).then(
    ({ status }) => status,
    () => 0,
  );
}

async function throttlesSince(deployment: Deployment, since: number): Promise<number> {
  const until = deployment.machine.now();
  let all = 0;
  for (const output of ['ConfigTableName', 'LogTableName']) {
    const dimension = `TableName=${await deployment.output(output)}`;
    for (const metric of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      const sums = await deployment.sums('AWS/DynamoDB', metric, dimension, since, until);
      all += sums.reduce((sum, one) => sum + one, 0);
    }
  }
  return all;
}
