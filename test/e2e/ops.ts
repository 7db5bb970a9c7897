import { describe, expect, test } from 'vitest';
import { Api, type Json, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

const HOUR_SECONDS = 3600;
/** Each look reads lists of all tenants, or moves the dead letters of other tests, too. */
const SELDOM = { everyMs: 500 };

/** What docs/operators-api.md promises, over real sockets and stores. */
export function describeOps(backend: Backend): void {
  describe(`the operator's API, ${backend.name}`, () => {
    const scene = new Scene(backend, 'ops');
    const platform = async (method: string, path: string, body?: object): Promise<Json> => {
      const answer = await new Api(scene.running).call(method, path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer.body;
    };
    /** The tenant's row of a list of all tenants, in which other tests have theirs. */
    const ownRow = async (path: string): Promise<Json | undefined> => {
      for (let next: string | null = path; next !== null;) {
        const { data, next_cursor: cursor }: Json = await new Api(scene.running).get(next);
        const own = data.find((row: Json) => row.tenant_id === scene.tenant);
        if (own) return own;
        next = cursor && `${path}&cursor=${encodeURIComponent(cursor)}`;
      }
      return undefined;
    };
    const inTrouble = (state: string) => ownRow(`/v1/ops/endpoints?limit=100&state=${state}`);
    const appears = (look: () => Promise<Json | undefined>): Promise<Json> =>
      eventually(look, (row) => row !== undefined, SELDOM);

    test('an endpoint that fails, and then is paused and holds deliveries, is found among those of all tenants', async () => {
      const at = await scene.receiver(() => 500);
      const { id } = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const { id: waits } = await scene.api.post();
      await scene.ended(waits, id, 'retrying');
      const failing = await appears(() => inTrouble('failing'));
      expect(failing).toMatchObject({ endpoint: { id, consecutive_failures: 1, last_status_code: 500 }, held: null });
      expect(await inTrouble('paused')).toBeUndefined();

      await scene.api.change(id, 'pause');
      const { id: held } = await scene.api.post();
      await scene.ended(held, id, 'held');
      expect(await appears(() => inTrouble('paused'))).toMatchObject({ endpoint: { id, status: 'paused' } });
      expect(await appears(() => inTrouble('held'))).toMatchObject({ held: { count: 1, capped: false } });
      await scene.api.change(id, 'resume', { held: 'discard' });
      await eventually(
        () => inTrouble('paused'),
        (row) => row === undefined,
        SELDOM,
      );
    });

    test('the overview counts what waits in each queue, and the endpoints in trouble', async () => {
      const at = await scene.receiver(() => 500);
      const { id } = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const { id: eventId } = await scene.api.post();
      await scene.ended(eventId, id, 'retrying');
      const { queues, braked_at: brakedAt } = await eventually(
        () => platform('GET', '/v1/ops/overview'),
        // The endpoint's failure is counted after its delivery's record is written.
        ({ queues: { retries }, troubled: { failing } }) =>
          retries.in_flight + retries.delayed > 0 && failing.count > 0,
        SELDOM,
      );
      expect(Object.keys(queues)).toEqual(['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison']);
      expect(brakedAt).toBeNull();
    });

    test('dead letters are moved back by it, and delivered', async () => {
      const at = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      const { id } = await scene.api.endpoint({ url: at.url, retry: { delays: [] } });
      const { id: eventId } = await scene.api.post();
      await scene.ended(eventId, id, 'exhausted');
      await eventually(
        () => scene.running.countMessages('exhausted'),
        (count) => count > 0,
      );
      const { moved } = await platform('POST', '/v1/ops/dead-letters/exhausted/redrive', { limit: 200 });
      expect(moved).toMatchObject({ deliveries: 0, retries: expect.any(Number), slow: 0, jobs: 0 });
      expect(moved.retries).toBeGreaterThan(0);
      await scene.ended(eventId, id, 'delivered');
    });

    test('usage and numbers for charts show what was delivered', async () => {
      const at = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: at.url });
      const { id: eventId } = await scene.api.post();
      await scene.ended(eventId, id, 'delivered');
      const ofEndpoint = await scene.api.get(`/v1/stats?endpoint_id=${id}`);
      expect(ofEndpoint).toMatchObject({ source: 'deliveries', total: { delivered: 1, attempts: 1, waiting: 0 } });
      const used = await eventually(
        async () => {
          // A function that is called again within a second adds what it counted then.
          await scene.api.post();
          return ownRow('/v1/ops/usage?limit=100');
        },
        (row) => row?.delivered > 0,
        SELDOM,
      );
      expect(used).toMatchObject({ events: expect.any(Number), cost_usd: expect.any(Number) });
      expect((await scene.api.get('/v1/stats')).total.delivered).toBeGreaterThan(0);
    });

    test('a job that has not ended is listed until then', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hooks' });
      // Its second pass comes a quarter of an hour after the first.
      const { id } = await platform('POST', `/v1/tenants/${scene.tenant}/reseal`);
      const listed = await appears(() => ownRow('/v1/ops/jobs?limit=100'));
      expect(listed).toMatchObject({ job: { id, kind: 'reseal', status: 'running' } });
    });

    test('the settings in force have a name, a value and a unit', async () => {
      const { data } = await platform('GET', '/v1/ops/settings');
      expect(data).toContainEqual(expect.objectContaining({ name: 'log_ttl', value: 30, unit: 'days' }));
    });
  });
}
