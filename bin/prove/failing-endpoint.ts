import type { Deployment } from './deployment.ts';
import { type Outcome, fail } from './row.ts';

/** A path of the API itself that there is not: the gateway answers every POST with 404. */
const NOWHERE = '/postrider-prove';

/**
 * A delivery that fails, by an endpoint of its own, which is deleted at the end.
 * @param delays of its retries, seconds
 * @param use what to do with the delivery's id
 */
export async function deliveryOf(
  deployment: Deployment,
  delays: readonly number[],
  use: (deliveryId: string) => Promise<Outcome>,
): Promise<Outcome> {
  const type = `postrider-prove.${deployment.machine.now().toString(36)}`;
  const url = `${(await deployment.output('ApiUrl')).replace(/\/$/, '')}${NOWHERE}`;
  const body = { url, events: [type], retry: { delays } };
  return deployment.withEndpoint(body, async () => {
    const event = await deployment.call(202, 'POST', '/v1/events', { type, data: {} });
    const found = await deployment.until(
      async () => {
        const { data } = await deployment.call(200, 'GET', `/v1/events/${event.id}/deliveries`);
        return data[0]?.attempt_number > 0 ? (data[0].id as string) : undefined;
      },
      1000,
      60_000,
    );
    return found === undefined ? fail('the event’s delivery was not attempted within a minute') : use(found);
  });
}
