import { describe, expect, test } from 'vitest';
import { brakesKey } from '../../../lib/adapters/dynamodb/layout/keys.ts';
import { writeDeliveryMessage, writeJobMessage } from '../../../lib/domain/message.ts';
import { Api, type Json, eventually } from '../../e2e/api.ts';
import { npm, queueUrl } from './deployed.ts';
import { beginQuota, quotasOf, stage, sweepNow, whileNotConsumed } from './inside.ts';
import { RareScene, WORKED_QUEUES } from './rare-scene.ts';

const LARGE = 'x'.repeat(200 * 1024);

/** What happens seldom to deliveries: each function uses each of its rights, so that what is left over is too much. */
export function describeRarePaths(): void {
  describe('what happens seldom to a delivery, deployed', () => {
    const scene = new RareScene('seldom');
    const { deployment, tables } = scene;
    const { stack } = deployment;
    const past = () => Date.now() - 1000;

    test('what can’t be read goes to poison, and a redrive leaves it there; what newer code wrote waits', async () => {
      expect(await scene.count('poison')).toBe(0);
      await Promise.all(WORKED_QUEUES.map((queue) => scene.put(queue, 'not a pointer')));
      await Promise.all(WORKED_QUEUES.map((queue) => scene.put(queue, '{"v":99}')));
      await eventually(
        () => scene.count('poison'),
        (count) => count === WORKED_QUEUES.length,
      );
      expect(await npm(stack, 'redrive', 'poison', '--stack', stack.name)).toContain(
        `poison: ${WORKED_QUEUES.length} can't be read and remain there`,
      );
      for (const queue of WORKED_QUEUES) expect(await scene.count(queue), queue).toBeGreaterThan(0);
    });

    test('poison that can be read goes back to its queues by the operator’s API', async () => {
      const { endpoint, eventId, delivery } = await scene.waiting();
      await scene.call('POST', `/v1/deliveries/${delivery.id}/retry`);
      await scene.ended(eventId, endpoint.id, 'delivered');
      const { id: jobId } = await scene.call('POST', '/v1/deliveries/retry', { status: 'abandoned' });
      // Each has been worked on since, and does nothing any more.
      const pointer = { tenantId: scene.tenant, endpointId: endpoint.id, eventId, ordinal: 0, epoch: 0 };
      const stale = writeDeliveryMessage(pointer);
      const bodies = { jobs: writeJobMessage({ tenantId: scene.tenant, jobId, step: 0 }) } as Record<string, string>;
      const envelopes = WORKED_QUEUES.map((from) => ({ v: 1, from, why: 'test', body: bodies[from] ?? stale }));
      await Promise.all(envelopes.map((envelope) => scene.put('poison', JSON.stringify(envelope))));
      const { moved } = await scene.callOfPlatform('POST', '/v1/ops/dead-letters/poison/redrive', { limit: 200 });
      expect(moved).toEqual({ deliveries: 1, retries: 1, slow: 1, jobs: 1 });
    });

    test('sweep sends again what lost its message, and a dead letter that was not sent', async () => {
      const { at, endpoint, eventId, delivery } = await scene.waiting((nth) => (nth <= 2 ? 500 : 200));
      await stage(tables, scene.tenant, delivery.id, { checkAt: past(), dueAt: past() });
      await sweepNow(stack);
      await scene.arrived(at, eventId, 2);
      await scene.ended(eventId, endpoint.id, 'exhausted');
      const before = await scene.count('exhausted');
      await stage(tables, scene.tenant, delivery.id, { checkAt: past(), dlqPending: true });
      await sweepNow(stack);
      expect(await scene.count('exhausted')).toBe(before + 1);
    });

    test('a brake stops a tenant’s deliveries, and its release lets them go', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      await scene.brake();
      const brake = await scene.callOfPlatform('GET', `/v1/brake?tenant_id=${scene.tenant}`);
      expect(brake).toMatchObject({ braked_since: expect.any(String) });
      const { id: eventId } = await scene.api.post();
      const { id } = await scene.ended(eventId, endpoint.id, 'parked');
      await stage(tables, scene.tenant, id, { checkAt: past() });
      await sweepNow(stack);
      expect(at.arrivals).toHaveLength(0);
      await scene.releaseBrake();
      await stage(tables, scene.tenant, id, { checkAt: past() });
      await sweepNow(stack);
      await scene.ended(eventId, endpoint.id, 'delivered');
    });

    test('sweep replaces a copy of the brakes that a call has left behind', async () => {
      await scene.brake();
      const [first, copy] = [brakesKey(0), brakesKey(1)];
      await tables.config.delete(copy);
      await sweepNow(stack);
      expect(await tables.config.get(copy)).toEqual({ ...(await tables.config.get(first)), ...copy });
      await scene.releaseBrake();
    });

    test('a tenant with a quota is counted, and told when it is over it', async () => {
      expect(
        await scene.callOfPlatform('PATCH', `/v1/tenants/${scene.tenant}`, { events_per_second: 0.1 }),
      ).toMatchObject({
        events_per_second: 0.1,
      });
      const statuses = await eventually(
        async () => (await scene.api.call('POST', '/v1/events', { type: 'a', data: {} })).status,
        (status) => status !== 202,
      );
      expect(statuses).toBe(429);
      await scene.callOfPlatform('PATCH', `/v1/tenants/${scene.tenant}`, { events_per_second: null });
    });

    test('sweep completes a change of a quota whose process died half-way', async () => {
      await beginQuota(deployment, scene.tenant, 1000);
      expect(new Set(await quotasOf(deployment, scene.tenant))).toEqual(new Set([1000, undefined]));
      await sweepNow(stack);
      await eventually(
        async () => new Set(await quotasOf(deployment, scene.tenant)).size,
        (different) => different === 1,
      );
      expect(new Set(await quotasOf(deployment, scene.tenant))).toEqual(new Set([1000]));
      await scene.callOfPlatform('PATCH', `/v1/tenants/${scene.tenant}`, { events_per_second: null });
    });

    test('a tenant’s key is made, replaced and revoked, and an event registers a tenant that nobody knows', async () => {
      const made = await scene.call('POST', '/v1/api-keys', { name: 'Billing', scopes: ['events:write'] });
      const withKey = (apiKey: string) => new Api({ url: scene.running.url, apiKey }, scene.tenant);
      await withKey(made.secret).post();
      expect(await scene.callOfPlatform('GET', `/v1/tenants/${scene.tenant}`)).toMatchObject({ id: scene.tenant });
      expect((await scene.callOfPlatform('GET', '/v1/tenants')).data.length).toBeGreaterThan(1);
      await scene.callOfPlatform('POST', '/v1/tenants', { id: `${scene.tenant}_new`, name: 'New' });
      await new Api(scene.running, `${scene.tenant}_unknown`).post();
      await scene.callOfPlatform('GET', `/v1/tenants/${scene.tenant}_unknown`);
      const next = await scene.call('POST', `/v1/api-keys/${made.id}/rotate`, {});
      await withKey(next.secret).post();
      await scene.call('POST', `/v1/api-keys/${next.id}/revoke`);
      expect(await scene.call('GET', `/v1/api-keys/${next.id}`)).toMatchObject({ id: next.id });
      const { data } = await scene.call('GET', '/v1/api-keys');
      expect(data.map(({ id }: Json) => id)).toEqual(expect.arrayContaining([made.id, next.id]));
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

    test('a deleted payload is gone, what its customer answered too, and its delivery ends', async () => {
      const { endpoint, eventId, delivery } = await scene.waiting();
      expect(delivery.attempts[0].response_body).toBe('seen');
      await scene.call('DELETE', `/v1/events/${eventId}/payload`);
      expect(await scene.api.get(`/v1/events/${eventId}`)).toMatchObject({ data: null });
      const ended = await scene.ended(eventId, endpoint.id, 'abandoned');
      expect(ended).toMatchObject({ status_reason: 'payload_deleted', attempts: [{ response_body: null }] });
    });

    test('a delivery that nothing has worked on yet is sent by a manual retry', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      let eventId = '';
      await whileNotConsumed(stack, queueUrl(deployment, 'deliveries'), async () => {
        ({ id: eventId } = await scene.api.post());
        const pending = await scene.api.delivery(eventId, endpoint.id);
        expect(pending.status).toBe('pending');
        await scene.call('POST', `/v1/deliveries/${pending.id}/retry`);
      });
      await scene.ended(eventId, endpoint.id, 'delivered');
    });

    test('a record that another has written meanwhile is read again, and the attempt counts', async () => {
      const { at, endpoint, eventId, delivery } = await scene.waiting();
      at.delayMs = 1500;
      await scene.call('POST', `/v1/deliveries/${delivery.id}/retry`);
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
      await scene.call('POST', `/v1/events/${eventId}/replay`, {});
      await scene.arrived(later, eventId);
      await scene.arrived(first, eventId, 2);
    });
  });
}
