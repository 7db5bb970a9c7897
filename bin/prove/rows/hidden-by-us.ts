import { deliveryOf } from '../failing-endpoint.ts';
import { type Proof, verdict } from '../row.ts';

/** The message of the first retry is delayed by SQS; that of the second one is hidden by dispatch. */
const DELAYS_SECONDS = [1, 60, 86_400];
/** The delay with its jitter, twice the clock's second, and what a poll of the queue takes. */
const LIMIT_MS = 120_000;
const LATEST_MS = 15_000;

export const hiddenByUs: Proof = {
  name: 'hidden-by-us',
  claim: "Postrider's `ChangeMessageVisibility` hides a failed message, and Lambda does not override it",
  prove(deployment) {
    return deliveryOf(deployment, DELAYS_SECONDS, async (id) => {
      const hidden = await deployment.until(() => attempted(2), 2000, 60_000);
      if (!hidden) return verdict(false, 'no second attempt within a minute');
      const due = Date.parse(hidden.next_retry_at);
      const after = await deployment.until(() => attempted(3), 2000, LIMIT_MS);
      if (!after) return verdict(false, `due at ${hidden.next_retry_at}, not attempted`);
      const late = Date.parse(after.attempts[2].at) - due;
      return verdict(late >= -1000 && late <= LATEST_MS, `the third attempt came ${late} ms after its time`);

      async function attempted(times: number) {
        const delivery = await deployment.call(200, 'GET', `/v1/deliveries/${id}`);
        return delivery.attempt_number >= times && delivery.next_retry_at ? delivery : undefined;
      }
    });
  },
};
