import { describe, expect, test } from 'vitest';
import { type Api, type Json, eventually } from '../../e2e/api.ts';
import { Scene } from '../../e2e/scene.ts';
import { currentDeployment } from '../cloud/deployment.ts';
import { allArrive, idsAt } from './arrivals.ts';
import { loaded } from './deployed.ts';
import { inTurns } from './in-turns.ts';
import { createEndpoints } from './many-endpoints.ts';
import { LIMIT_MS, PATIENTLY } from './patience.ts';

const ENDPOINTS = 2000;
const EVENTS = 5000;
const EVENTS_A_POST = 100;
const POSTS_AT_ONCE = 2;
/** Of the burst; the pages of their replay are a longer chain than Lambda allows a function that is not marked. */
const REPLAYED = 1000;

/** Much at once, over the API of the deployed stack. */
describe('load, deployed', () => {
  const scene = new Scene(loaded, 'load');

  test(
    `one event reaches ${ENDPOINTS} endpoints through jobs, each once`,
    async () => {
      const at = await scene.receiver();
      await createEndpoints(currentDeployment('Loaded'), scene.tenant, ENDPOINTS, (n) => `${at.url}/${n}`);
      const { id, deliveries } = await scene.api.post();
      expect(deliveries).toBe(ENDPOINTS);
      await eventually(
        async () => at.arrivals.length,
        (count) => count >= ENDPOINTS,
        PATIENTLY,
      );
      const { counts } = await eventually(
        () => scene.api.get(`/v1/events/${id}`),
        ({ counts: by }) => by.delivered === ENDPOINTS,
        PATIENTLY,
      );
      expect(counts).toMatchObject({ pending: 0, retrying: 0, exhausted: 0, abandoned: 0 });
      expect(new Set(at.arrivals.map(({ path }) => path)).size).toBe(ENDPOINTS);
    },
    2 * LIMIT_MS,
  );

  test(
    `all of a burst of ${EVENTS} events arrive, and of a replay of ${REPLAYED}`,
    async () => {
      const since = new Date(Date.now() - 1000).toISOString();
      const at = await scene.receiver();
      await scene.api.endpoint({ url: at.url });
      const accepted: string[] = [];
      await inTurns(EVENTS / EVENTS_A_POST, POSTS_AT_ONCE, async (post) => {
        const type = post < REPLAYED / EVENTS_A_POST ? 'burst.first' : 'burst.rest';
        const events = Array.from({ length: EVENTS_A_POST }, (_, n) => ({ type, data: { n } }));
        accepted.push(...(await postUntilAccepted(scene.api, `${post}`, events)));
      });
      expect(new Set(accepted).size).toBe(EVENTS);
      await allArrive(at, accepted);

      const again = await scene.receiver();
      const { id: endpointId } = await scene.api.endpoint({ url: again.url, events: ['burst.first'] });
      const { status, body: job } = await scene.api.call('POST', `/v1/endpoints/${endpointId}/replay`, { since });
      expect(status, JSON.stringify(job)).toBe(202);
      const done = await eventually(
        () => scene.api.get(`/v1/jobs/${job.id}`),
        (shown) => shown.status !== 'running',
        PATIENTLY,
      );
      expect(done).toMatchObject({ status: 'done', processed: REPLAYED });
      await eventually(
        async () => idsAt(again).size,
        (count) => count === REPLAYED,
        PATIENTLY,
      );
    },
    3 * LIMIT_MS,
  );
});

/** As a client does: what was not accepted is posted again, with the same keys. Answers the events' ids. */
async function postUntilAccepted(api: Api, name: string, events: readonly object[]): Promise<string[]> {
  const ids = new Map<string, string>();
  let rest = events.map((event, n) => ({ ...event, idempotency_key: `${name}-${n}` }));
  while (rest.length > 0) {
    const { status, body } = await api.call('POST', '/v1/events/batch', { events: rest });
    if (status === 200) {
      body.data.forEach(({ id }: Json, n: number) => id && ids.set(rest[n]?.idempotency_key ?? '', id));
      rest = rest.filter((event) => !ids.has(event.idempotency_key));
    } else expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(500);
  }
  return [...ids.values()];
}
