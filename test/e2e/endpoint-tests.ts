import { describe, expect, test } from 'vitest';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** Test events over real sockets. */
export function describeEndpointTests(backend: Backend): void {
  describe(`tests of endpoints, ${backend.name}`, () => {
    const scene = new Scene(backend, 'endpoint-tests');
    const send = (id: string, query = '', body?: object, headers = {}) =>
      scene.api.call('POST', `/v1/endpoints/${id}/test${query}`, body, headers);

    test('a test that waits is answered with what the receiver said, good or bad', async () => {
      const [good, bad] = [await scene.receiver(), await scene.receiver(() => 503)];
      const [well, ill] = [await scene.api.endpoint({ url: good.url }), await scene.api.endpoint({ url: bad.url })];
      const { status, body } = await send(well.id, '?wait=true', { event_type: 'task.completed' });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toMatchObject({
        status: 'delivered',
        status_code: 200,
        duration_ms: expect.any(Number),
        test: true,
      });
      expect(good.arrivals).toHaveLength(1);
      expect(bad.arrivals).toHaveLength(0);
      const failed = await send(ill.id, '?wait=true');
      expect(failed).toMatchObject({ status: 200, body: { status_code: 503, error_message: 'answered 503' } });
      expect(failed.body.attempts).toMatchObject([{ number: 1, response_body: 'seen' }]);
    });

    test('a test that does not wait is in the history, marked', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      const key = { 'idempotency-key': 'the same' };
      const { status, body, headers } = await send(endpoint.id, '', {}, key);
      expect([status, headers.get('location')]).toEqual([202, `/v1/deliveries/${body.id}`]);
      expect((await send(endpoint.id, '', {}, key)).body.id).toBe(body.id);
      await scene.ended(body.event_id, endpoint.id, 'delivered');
      expect(await scene.api.get(`/v1/deliveries/${body.id}`)).toMatchObject({ test: true });
      expect(await scene.api.get(`/v1/events/${body.event_id}`)).toMatchObject({
        test: true,
        counts: { delivered: 1 },
      });
      const listed = await scene.api.get(`/v1/deliveries?endpoint_id=${endpoint.id}`);
      expect(listed.data).toMatchObject([{ id: body.id, test: true }]);
    });

    test('a paused endpoint is not tested, and the answer says what to do', async () => {
      const endpoint = await scene.api.endpoint({ url: 'https://example.com/hook' });
      await scene.api.change(endpoint.id, 'pause');
      const { status, body } = await send(endpoint.id);
      expect([status, body.detail]).toEqual([409, expect.stringContaining('resume it first')]);
      expect((await scene.api.get('/v1/events')).data).toEqual([]);
    });
  });
}
