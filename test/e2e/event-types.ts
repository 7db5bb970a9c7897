import { describe, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** The catalogue of event types over real sockets. */
export function describeEventTypes(backend: Backend): void {
  describe(`event types, ${backend.name}`, () => {
    const scene = new Scene(backend, 'event-types');

    test('an endpoint gets the events of its category, and what the catalogue refuses is not kept', async () => {
      const tenant = 'catalogued';
      const api = new Api(scene.running, tenant);
      const platform = new Api(scene.running);
      const at = await scene.receiver(() => 200);
      expect((await api.call('POST', '/v1/dialects/vem/event-types')).body).toEqual({ added: 12, kept: 0 });
      const schema = { required: ['n'], properties: { n: { type: 'integer' } } };
      const update = await api.call('PATCH', '/v1/event-types/task.completed', { schema });
      expect(update).toMatchObject({ status: 200, body: { category: 'Task Events', schema } });
      const policy = { unknown_types: 'refuse', data_check: 'refuse' };
      expect((await platform.call('PATCH', `/v1/tenants/${tenant}`, policy)).body).toMatchObject(policy);
      const endpoint = await api.endpoint({ url: at.url, events: ['@Task Events'] });

      const key = { 'idempotency-key': 'corrected' };
      const refused = await api.call('POST', '/v1/events', { type: 'task.completed', data: { n: 'x' } }, key);
      expect(refused).toMatchObject({ status: 422, body: { type: '/problems/data-mismatch' } });
      const unknown = await api.call('POST', '/v1/events', { type: 'task.complete', data: { n: 1 } });
      expect(unknown).toMatchObject({ status: 422, body: { type: '/problems/unknown-event-type' } });
      const event = await api.post({ data: { n: 1 } }, key);
      expect(event.deliveries).toBe(1);
      expect((await api.post({ type: 'drift.detected' })).deliveries).toBe(0);
      await eventually(
        () => api.delivery(event.id, endpoint.id),
        (delivery) => delivery?.status === 'delivered',
      );
      const replay = await api.call('POST', `/v1/endpoints/${endpoint.id}/replay`, { since: '2020-01-01T00:00:00Z' });
      const done = await eventually(
        () => api.get(`/v1/jobs/${replay.body.id}`),
        ({ status }) => status === 'done',
      );
      expect(done.processed).toBe(1);
      expect((await api.get('/v1/events')).data).toHaveLength(2);
      expect(Object.keys((await api.get('/v1/webhooks.json')).webhooks)).toHaveLength(12);
      expect((await api.call('DELETE', '/v1/event-types/task.completed')).status).toBe(204);
    });
  });
}
