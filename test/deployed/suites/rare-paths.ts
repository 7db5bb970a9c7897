import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, test } from 'vitest';
import type { QueueName } from '../../../lib/ports/queues.ts';
import { type Json, eventually } from '../../e2e/api.ts';
import { Scene } from '../../e2e/scene.ts';
import { currentDeployment } from '../cloud/deployment.ts';
import { countMessages, deployed, npm, queueUrl, sqsClient } from './deployed.ts';
import { openTables, stage, sweepNow, whileNotConsumed } from './inside.ts';

const HOUR_SECONDS = 3600;
const LARGE = 'x'.repeat(200 * 1024);
/** More than the breaker needs (lib/domain/circuit-breaker.ts). */
const FAILURES = 10;

/** What happens seldom: each function uses each of its rights, so that what is left over is too much. */
export function describeRarePaths(): void {
  describe('what happens seldom, deployed', () => {
    const scene = new Scene(deployed, 'seldom');
    const deployment = currentDeployment();
    const { stack } = deployment;
    const sqs = sqsClient(deployment);
    const tables = openTables(deployment);
    afterAll(() => {
      sqs.destroy();
      tables[Symbol.dispose]();
    });
    const past = () => Date.now() - 1000;
    const put = (queue: QueueName, body: string) =>
      sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl(deployment, queue), MessageBody: body, MessageGroupId: 'a' }),
      );
    const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
      const answer = await scene.api.call(method, path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer.body;
    };
    /** An event's delivery that waits for its retry, for so long that nothing else comes to it. */
    const waiting = async (answer: (nth: number) => number = (nth) => (nth === 1 ? 500 : 200)) => {
      const at = await scene.receiver(answer);
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const { id: eventId } = await scene.api.post();
      return { at, endpoint, eventId, delivery: await scene.ended(eventId, endpoint.id, 'retrying') };
    };

    test('what can’t be read goes to poison, and a redrive leaves it there; what newer code wrote waits', async () => {
      const before = await countMessages(sqs, queueUrl(deployment, 'poison'));
      await Promise.all(
        (['deliveries', 'retries', 'slow', 'jobs'] as const).map((queue) => put(queue, 'not a pointer')),
      );
      await eventually(
        () => countMessages(sqs, queueUrl(deployment, 'poison')),
        (count) => count === before + 3,
      );
      await Promise.all((['deliveries', 'retries', 'slow', 'jobs'] as const).map((queue) => put(queue, '{"v":99}')));
      expect(await npm(stack, 'redrive', 'poison', '--stack', stack.name)).toContain(
        "poison: 3 can't be read and stay",
      );
    });

    test('sweep sends again what lost its message, and a dead letter that was not sent', async () => {
      const { at, endpoint, eventId, delivery } = await waiting((nth) => (nth <= 2 ? 500 : 200));
      await stage(tables, scene.tenant, delivery.id, { checkAt: past(), dueAt: past() });
      await sweepNow(stack);
      await scene.arrived(at, eventId, 2);
      await scene.ended(eventId, endpoint.id, 'exhausted');
      const before = await scene.running.countMessages('exhausted');
      await stage(tables, scene.tenant, delivery.id, { checkAt: past(), dlqPending: true });
      await sweepNow(stack);
      expect(await scene.running.countMessages('exhausted')).toBe(before + 1);
    });

    test('a brake stops a tenant’s deliveries, and its release lets them go', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      const brake = `/v1/brake?tenant_id=${scene.tenant}`;
      await call('PUT', brake);
      expect(await call('GET', brake)).toMatchObject({ braked_since: expect.any(String) });
      const { id: eventId } = await scene.api.post();
      const { id } = await scene.ended(eventId, endpoint.id, 'parked');
      await stage(tables, scene.tenant, id, { checkAt: past() });
      await sweepNow(stack);
      expect(at.arrivals).toHaveLength(0);
      await call('DELETE', brake);
      await stage(tables, scene.tenant, id, { checkAt: past() });
      await sweepNow(stack);
      await scene.ended(eventId, endpoint.id, 'delivered');
    });

    test('a tenant with a quota is counted, and told when it is over it', async () => {
      expect(await call('PATCH', `/v1/tenants/${scene.tenant}`, { events_per_second: 0.1 })).toMatchObject({
        events_per_second: 0.1,
      });
      const statuses = await eventually(
        async () => (await scene.api.call('POST', '/v1/events', { type: 'a', data: {} })).status,
        (status) => status !== 202,
      );
      expect(statuses).toBe(429);
      await call('PATCH', `/v1/tenants/${scene.tenant}`, { events_per_second: null });
    });

    test('a large event that is posted twice is one event, and arrives whole', async () => {
      const at = await scene.receiver();
      await scene.api.endpoint({ url: at.url });
      const post = () => scene.api.post({ data: { text: LARGE } }, { 'idempotency-key': 'large' });
      const { id } = await post();
      expect((await post()).id).toBe(id);
      const [arrival] = await scene.arrived(at, id);
      expect(JSON.parse(arrival?.body ?? '').data.text).toBe(LARGE);
    });

    test('a delivery that nothing has worked on yet is sent by a retry by hand', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      let eventId = '';
      await whileNotConsumed(stack, queueUrl(deployment, 'deliveries'), async () => {
        ({ id: eventId } = await scene.api.post());
        const pending = await scene.api.delivery(eventId, endpoint.id);
        expect(pending.status).toBe('pending');
        await call('POST', `/v1/deliveries/${pending.id}/retry`);
      });
      await scene.ended(eventId, endpoint.id, 'delivered');
    });

    test('a record that another has written meanwhile is read again, and the attempt counts', async () => {
      const { at, endpoint, eventId, delivery } = await waiting();
      at.delayMs = 1500;
      await call('POST', `/v1/deliveries/${delivery.id}/retry`);
      await scene.arrived(at, eventId, 2);
      await stage(tables, scene.tenant, delivery.id, {});
      await scene.ended(eventId, endpoint.id, 'delivered');
    });

    test('a replay that names no endpoints goes to all that the event matches now', async () => {
      const [first, later] = [await scene.receiver(), await scene.receiver()];
      await scene.api.endpoint({ url: first.url });
      const { id: eventId } = await scene.api.post();
      await scene.arrived(first, eventId);
      await scene.api.endpoint({ url: later.url });
      await call('POST', `/v1/events/${eventId}/replay`, {});
      await scene.arrived(later, eventId);
      await scene.arrived(first, eventId, 2);
    });

    test('an endpoint that says that it is gone is disabled, and what waits for it is abandoned', async () => {
      const at = await scene.receiver((nth) => (nth === 1 ? 500 : 410));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const { id: waits } = await scene.api.post();
      const { id } = await scene.ended(waits, endpoint.id, 'retrying');
      const other = await scene.api.post();
      await scene.ended(other.id, endpoint.id, 'retrying');
      await call('POST', `/v1/deliveries/${id}/retry`);
      await eventually(
        () => scene.api.get(`/v1/endpoints/${endpoint.id}`),
        ({ status }) => status === 'disabled',
      );
      await scene.ended(other.id, endpoint.id, 'abandoned');
    });

    test('an endpoint that keeps failing is paused, probed and resumed', async () => {
      let isUp = false;
      const at = await scene.receiver(() => (isUp ? 200 : 500));
      const { id: endpointId } = await scene.api.endpoint({ url: at.url, retry: { delays: [HOUR_SECONDS] } });
      const about = { tenantId: scene.tenant, endpointId, generation: 0, statusCode: 500 };
      const { generation } = (await tables.endpoints.get(scene.tenant, endpointId)) ?? about;
      for (let nth = 0; nth < FAILURES; nth += 1) {
        await tables.health.countFailure({ ...about, generation, at: Date.now() - 120_000 });
      }
      const { id: first } = await scene.api.post();
      await scene.ended(first, endpointId, 'retrying');
      await eventually(
        () => scene.api.get(`/v1/endpoints/${endpointId}`),
        ({ status }) => status === 'paused',
      );
      const { id: held } = await scene.api.post();
      await scene.ended(held, endpointId, 'held');
      isUp = true;
      const jobId = (await tables.endpoints.get(scene.tenant, endpointId))?.changeJobId ?? '';
      const job = await tables.jobs.get(scene.tenant, jobId);
      expect(job?.kind).toBe('probe');
      if (job) await tables.jobs.replaceIfStep({ ...job, checkAt: past() }, job.step);
      await sweepNow(stack);
      await scene.ended(held, endpointId, 'delivered');
      await eventually(
        () => scene.api.get(`/v1/endpoints/${endpointId}`),
        ({ status }) => status === 'active',
      );
    });
  });
}
