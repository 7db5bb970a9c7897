import { describe, expect, test } from 'vitest';
import type { Json } from '../api.ts';
import type { Backend } from '../backend.ts';
import { Scene } from '../scene.ts';
import { curl, curlLines, typesOf } from './curl-lines.ts';

const PRINTED_URL = 'https://yourapp.com/webhooks/ventryx';
const WEBHOOK = { id: 'string', url: 'string', events: 'array', created_at: 'string' };

/** Ventryx's management API, by the requests that its customers have in their scripts. */
export function describeVentryx(backend: Backend): void {
  describe(`${backend.name}: Ventryx’s management API`, () => {
    const scene = new Scene(backend, 'ventryx');

    test('webhooks are created by its customers’ requests, get events, and are read, changed and deleted', async () => {
      const receiver = await scene.receiver();
      const { body: key } = await scene.api.call('POST', '/v1/api-keys', { name: 'scripts' });
      const variables = { BASE: scene.running.url, VENTRYX_API_KEY: key.secret };
      const made: Json[] = [];
      for (const line of curlLines('ventryx.sh')) {
        const { status, body } = await curl(line.replace(PRINTED_URL, receiver.url), variables);
        expect(status, JSON.stringify(body)).toBe(201);
        expect(Object.keys(body)).toEqual(['id', 'url', 'events', 'secret', 'created_at']);
        expect(typesOf(body)).toEqual({ ...WEBHOOK, secret: 'string' });
        expect(body).toMatchObject({ url: receiver.url, created_at: expect.stringMatching(/\.\d{3}Z$/) });
        made.push(body);
      }
      expect(made.map(({ events }) => events)).toEqual([
        ['workflow.completed', 'approval.requested', 'api_key.revoked'],
        ['*'],
      ]);

      const posted = await scene.api.post({ type: 'api_key.revoked', data: { n: 1 } });
      expect(posted.deliveries).toBe(2);
      await scene.ended(posted.id, made[0].id, 'delivered');
      expect(receiver.arrivals[0]?.headers).toMatchObject({ 'ventryx-event': 'api_key.revoked' });

      const own = { authorization: `Bearer ${key.secret}` };
      const { data } = (await scene.api.call('GET', '/v1/webhooks', undefined, own)).body;
      expect(data.map(({ id }: Json) => id)).toEqual(made.map(({ id }) => id));
      expect(typesOf(data[0])).toEqual(WEBHOOK);
      const path = `/v1/webhooks/${made[0].id}`;
      const changed = await scene.api.call('PATCH', path, { events: ['workflow.*'] }, own);
      expect([changed.status, changed.body]).toEqual([200, { ...data[0], events: ['workflow.*'] }]);
      expect((await scene.api.call('GET', path, undefined, own)).body).toEqual(changed.body);
      const wrong = await scene.api.call('PATCH', path, { url: 'nowhere' }, own);
      expect([wrong.status, wrong.body.errors[0].field]).toEqual([422, 'url']);
      const [id] = made.map((one) => one.id);
      for (const call of ['pause', 'resume', 'disable', 'enable']) {
        await scene.api.change(id, call);
        expect((await scene.api.call('GET', path, undefined, own)).body, call).toEqual(changed.body);
      }
      expect((await scene.api.call('DELETE', path, undefined, own)).status).toBe(204);
      expect((await scene.api.call('GET', path, undefined, own)).status).toBe(404);
    });
  });
}
