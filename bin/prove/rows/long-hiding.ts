import { deliveryOf } from '../failing-endpoint.ts';
import { type Proof, verdict } from '../row.ts';

/**
 * The message of the first retry is delayed by SQS; that of the second one is hidden by dispatch, for as long as can be
 * without being parked whatever the jitter (11.5 hours).
 */
const DELAYS_SECONDS = [1, 34_000];
/** Lines of the log come within a minute. */
const WAIT_MS = 60_000;

export const longHiding: Proof = {
  name: 'long-hiding',
  claim: 'SQS hides a message for seven hours and more right after a receive',
  prove(deployment) {
    const since = deployment.machine.now();
    return deliveryOf(deployment, DELAYS_SECONDS, async (id) => {
      const hidden = await deployment.until(() => attemptedTwice(), 2000, WAIT_MS);
      if (!hidden) return verdict(false, 'no second attempt within a minute');
      await deployment.machine.sleep(WAIT_MS);
      const lines = await deployment.lines('Dispatch', '{ $.event = "dispatch.hidden-for-less" }', since);
      const seen = `${hidden.status}, next attempt at ${hidden.next_retry_at}; ${lines.length} lines dispatch.hidden-for-less`;
      return verdict(lines.length === 0 && hidden.status === 'retrying', seen);

      async function attemptedTwice() {
        const delivery = await deployment.call(200, 'GET', `/v1/deliveries/${id}`);
        return delivery.attempt_number >= 2 ? delivery : undefined;
      }
    });
  },
};
