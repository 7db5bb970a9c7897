import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const PERIOD_MS = 300_000;
const PERIODS = 6;

export const sweepRuns: Proof = {
  name: 'sweep-runs',
  claim: 'Sweep runs every minute',
  async prove(deployment) {
    const name = (await deployment.functions()).get('Sweep');
    if (name === undefined) throw new Skip('the stack has no function Sweep');
    // Whole periods, whose numbers have arrived.
    const until = Math.floor(deployment.machine.now() / PERIOD_MS - 1) * PERIOD_MS;
    const since = until - PERIODS * PERIOD_MS;
    const { CreationTime = since } = await deployment.stack();
    if (new Date(CreationTime).getTime() > since) {
      throw new Skip(`it looks at half an hour, and the stack was not there yet at ${new Date(since).toISOString()}`);
    }
    const sums = await deployment.sums('AWS/Lambda', 'Invocations', `FunctionName=${name}`, since, until);
    // A start at the edge of a period counts in its neighbour.
    const even = sums.length === PERIODS && sums.every((sum) => sum >= 4 && sum <= 6);
    return verdict(even, `invocations in periods of five minutes: ${sums.join(', ') || 'none'}`);
  },
};
