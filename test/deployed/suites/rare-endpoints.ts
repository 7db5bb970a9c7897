import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { createJob } from '../../../lib/pipeline/job-start.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { type Json, eventually } from '../../e2e/api.ts';
import { killFunctions } from '../cloud/processes.ts';
import { queueUrl } from './deployed.ts';
import { whileNotConsumed } from './inside.ts';
import { RareScene } from './rare-scene.ts';

const HOUR_SECONDS = 3600;
const MINUTE_MS = 60_000;
/** As many as the breaker needs (lib/domain/circuit-breaker.ts). */
const FAILURES = 10;
/** More than a probe looks at in one step (lib/pipeline/jobs/probe-choice.ts). */
const HELD = 16;

/** What happens seldom to endpoints: see rare-paths.ts. */
export function describeRareEndpoints(): void {
  describe('what happens seldom to an endpoint, deployed', () => {
    const scene = new RareScene('endpoints');
    const { deployment, tables } = scene;
    const { stack } = deployment;
    const stored = async (id: string): Promise<Endpoint> => {
      const endpoint = await tables.endpoints.get(scene.tenant, id);
      if (!endpoint) throw new Error(`There is no endpoint ${id}.`);
      return endpoint;
    };
    const becomes = (id: string, status: string): Promise<Json> =>
      eventually(
        () => scene.api.get(`/v1/endpoints/${id}`),
        (endpoint) => endpoint.status === status,
      );
    /** An endpoint that the breaker has paused, and then holds so many deliveries. */
    const tripped = async (url: string, held: number, input: object = {}) => {
      const { id } = await scene.api.endpoint({ url, retry: { delays: [HOUR_SECONDS] }, ...input });
      const { generation } = await stored(id);
      const failure = { tenantId: scene.tenant, endpointId: id, generation, statusCode: 500, at: Date.now() - 120_000 };
      for (let nth = 0; nth < FAILURES; nth += 1) await tables.health.countFailure(failure);
      const { id: first } = await scene.api.post();
      await scene.ended(first, id, 'retrying');
      await becomes(id, 'paused');
      const events = Array.from({ length: held }, () => ({ type: 'task.completed', data: {} }));
      const { data } = await scene.call('POST', '/v1/events/batch', { events });
      const eventIds: string[] = data.map((event: Json) => event.id);
      for (const eventId of eventIds) await scene.ended(eventId, id, 'held');
      return { id, eventIds };
    };

    test('one that says that it is gone is disabled, and what waits for it is abandoned', async () => {
      const at = await scene.receiver((nth) => (nth === 1 ? 500 : 410));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const { id: waits } = await scene.api.post();
      const { id } = await scene.ended(waits, endpoint.id, 'retrying');
      const other = await scene.api.post();
      await scene.ended(other.id, endpoint.id, 'retrying');
      await scene.call('POST', `/v1/deliveries/${id}/retry`);
      await becomes(endpoint.id, 'disabled');
      await scene.ended(other.id, endpoint.id, 'abandoned');
    });

    test('one that keeps failing is paused, probed and resumed', async () => {
      let isUp = false;
      const at = await scene.receiver(() => (isUp ? 200 : 500));
      const { id, eventIds } = await tripped(at.url, 1);
      isUp = true;
      const { changeJobId = '' } = await stored(id);
      expect((await tables.jobs.get(scene.tenant, changeJobId))?.kind).toBe('probe');
      await scene.hasten(changeJobId);
      for (const eventId of eventIds) await scene.ended(eventId, id, 'delivered');
      await becomes(id, 'active');
    });

    test('a probe that an edit asks for looks through all that is held, and sends nothing under a brake', async () => {
      let isUp = false;
      const at = await scene.receiver(() => (isUp ? 200 : 500));
      const { id, eventIds } = await tripped(at.url, HELD, { auto_resume: false });
      isUp = true;
      await scene.brake();
      await scene.call('PATCH', `/v1/endpoints/${id}`, { auto_resume: true });
      const { changeJobId = '' } = await stored(id);
      // A look that finds nothing to send waits for longer each time.
      await eventually(
        () => tables.jobs.get(scene.tenant, changeJobId),
        (job) => job?.probe?.lookMs !== undefined,
      );
      expect(eventIds.flatMap((eventId) => at.of(eventId))).toEqual([]);
      await scene.releaseBrake();
      await scene.hasten(changeJobId);
      for (const eventId of eventIds) await scene.ended(eventId, id, 'delivered');
      await becomes(id, 'active');
    });

    test('a slow one gets its deliveries by a queue for slow endpoints', async () => {
      let isUp = true;
      const at = await scene.receiver(() => (isUp ? 200 : 500));
      const limited = { retry: { delays: [HOUR_SECONDS] }, rate_limit_per_second: 10 };
      const { id } = await scene.api.endpoint({ url: at.url, ...limited });
      const { generation } = await stored(id);
      const since = Date.now();
      const note = { tenantId: scene.tenant, endpointId: id, generation, since, until: since + 5 * MINUTE_MS };
      await tables.health.noteSlow(note);
      const before = await scene.count('slow');
      let eventId = '';
      await whileNotConsumed(stack, queueUrl(deployment, 'slow'), async () => {
        ({ id: eventId } = await scene.api.post());
        await eventually(
          () => scene.count('slow'),
          (count) => count > before,
        );
        expect(at.arrivals).toEqual([]);
      });
      await scene.ended(eventId, id, 'delivered');
      isUp = false;
      // Not the last attempt, so that the function of slow asks whether retries has room; then the last one.
      const failing = await scene.api.post();
      const { id: waits } = await scene.ended(failing.id, id, 'retrying');
      await scene.call('POST', `/v1/deliveries/${waits}/retry`);
      await scene.ended(failing.id, id, 'exhausted');
    });

    test('one with a rate limit gets its deliveries no faster', async () => {
      const at = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: at.url, rate_limit_per_second: 1 });
      const events = Array.from({ length: 4 }, () => ({ type: 'task.completed', data: {} }));
      const postedAt = Date.now();
      const { data } = await scene.call('POST', '/v1/events/batch', { events });
      for (const event of data) await scene.ended(event.id, id, 'delivered');
      expect(at.arrivals).toHaveLength(events.length);
      expect((at.arrivals.at(-1)?.at ?? 0) - postedAt).toBeGreaterThanOrEqual(3000);
    });

    test('sweep finishes a change whose process died before ingest matched with it', async () => {
      const at = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: at.url });
      const matches = async () => (await scene.api.post()).deliveries;
      const place = async () => {
        const { shard = 0, generation } = await stored(id);
        return { tenantId: scene.tenant, shard, id, generation };
      };
      const finish = async () => {
        const about = { tenantId: scene.tenant, endpointId: id, generation: (await place()).generation };
        const ports = { clock: systemClock, random: systemRandom, jobs: tables.jobs };
        await scene.hasten((await createJob(ports, { ...about, kind: 'repair' })).id);
      };
      const added = await place();
      await tables.subscriptions.removeUnlessNewer(added);
      await tables.subscriptions.raiseShard(scene.tenant, added.shard);
      expect(await matches()).toBe(0);
      await finish();
      await eventually(matches, (count) => count === 1);
      await scene.call('POST', `/v1/endpoints/${id}/disable`);
      const removed = await place();
      await tables.subscriptions.putUnlessNewer(removed, { id, events: ['*'] });
      await tables.subscriptions.raiseShard(scene.tenant, removed.shard);
      expect(await matches()).toBe(1);
      await finish();
      await eventually(matches, (count) => count === 0);
    });

    test('a creation that is repeated with its key shows the same secret, by another process too', async () => {
      const at = await scene.receiver();
      const create = () =>
        scene.api.call('POST', '/v1/endpoints', { url: at.url, events: ['*'] }, { 'idempotency-key': 'once' });
      const { status, body } = await create();
      expect(status).toBe(201);
      await killFunctions(deployment.workFolder, `${stack.name}-PostriderEndpoints`);
      const again = await eventually(create, (answer) => answer.status < 500);
      expect(again.body).toMatchObject({ id: body.id, signing_secret: body.signing_secret });
    });
  });
}
