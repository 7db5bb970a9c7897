import { deliveryOf } from '../failing-endpoint.ts';
import { type Proof, verdict } from '../row.ts';

/** The longest that is not parked in the table. */
const DELAY_SECONDS = 41_400;
/** Lines of the log come within a minute. */
const WAIT_MS = 60_000;

export const longHiding: Proof = {
  name: 'long-hiding',
  claim: 'SQS accepts a visibility timeout of 43,020 s right after a receive',
  prove(deployment) {
    const since = deployment.machine.now();
    return deliveryOf(deployment, [DELAY_SECONDS], async (id) => {
      await deployment.machine.sleep(WAIT_MS);
      const { status, next_retry_at: next } = await deployment.call(200, 'GET', `/v1/deliveries/${id}`);
      const refused = await deployment.lines('Dispatch', '{ $.event = "dispatch.not-hidden" }', since);
      const seen = `${status}, next attempt at ${next}; ${refused.length} lines dispatch.not-hidden`;
      return verdict(refused.length === 0 && (status === 'retrying' || status === 'parked'), seen);
    });
  },
};
