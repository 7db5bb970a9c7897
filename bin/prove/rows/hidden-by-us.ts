import { deliveryOf } from '../failing-endpoint.ts';
import { type Proof, verdict } from '../row.ts';

const DELAY_SECONDS = 60;
/** The delay with its jitter, twice the clock's second, and what a poll of the queue takes. */
const LIMIT_MS = 120_000;
const LATEST_MS = 15_000;

export const hiddenByUs: Proof = {
  name: 'hidden-by-us',
  claim: "Postrider's `ChangeMessageVisibility` hides a failed message, and Lambda does not override it",
  prove(deployment) {
    return deliveryOf(deployment, [DELAY_SECONDS, 86_400], async (id) => {
      const first = await deployment.until(() => attempted(1), 2000, 60_000);
      if (!first) return verdict(false, 'no first attempt within a minute');
      const due = Date.parse(first.next_retry_at);
      const second = await deployment.until(() => attempted(2), 2000, LIMIT_MS);
      if (!second) return verdict(false, `due at ${first.next_retry_at}, not attempted`);
      const { attempts } = await deployment.call(200, 'GET', `/v1/deliveries/${id}`);
      const late = Date.parse(attempts[1].at ?? attempts[1].started_at) - due;
      return verdict(late >= -1000 && late <= LATEST_MS, `the second attempt came ${late} ms after its time`);

      async function attempted(times: number) {
        const delivery = await deployment.call(200, 'GET', `/v1/deliveries/${id}`);
        return delivery.attempt_number >= times && delivery.next_retry_at ? delivery : undefined;
      }
    });
  },
};
