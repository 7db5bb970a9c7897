import { describe, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** Filters over real sockets and stores. */
export function describeFilters(backend: Backend): void {
  describe(`filters, ${backend.name}`, () => {
    const scene = new Scene(backend, 'filters');

    test('an endpoint gets what its filter lets through, and the event counts the others', async () => {
      const api = new Api(scene.running, 'filtered');
      const at = await scene.receiver(() => 200);
      const filter = { order: { total: { $gte: 16 } }, tags: 'new' };
      const endpoint = await api.endpoint({ url: at.url, events: ['*'], filter });
      expect((await api.get(`/v1/endpoints/${endpoint.id}`)).filter).toEqual(filter);

      const leftOut = await api.post({ data: { order: { total: 1 }, tags: ['new'] } });
      expect(leftOut).toMatchObject({ deliveries: 0, filtered: 1 });
      expect(await api.get(`/v1/events/${leftOut.id}`)).toMatchObject({ filtered: 1, counts: { delivered: 0 } });
      const through = await api.post({ data: { order: { total: 17 }, tags: ['old', 'new'] } });
      expect(through).toEqual({ id: expect.any(String), deliveries: 1 });
      await eventually(
        () => api.delivery(through.id, endpoint.id),
        (delivery) => delivery?.status === 'delivered',
      );
      expect(at.of(leftOut.id)).toEqual([]);
      expect(at.of(through.id)).toHaveLength(1);

      const cleared = await api.call('PATCH', `/v1/endpoints/${endpoint.id}`, { filter: null });
      expect(cleared).toMatchObject({ status: 200, body: { filter: null } });
      expect((await api.post({ data: {} })).deliveries).toBe(1);
      const tested = await api.call('POST', '/v1/filters/test', { filter, data: { order: { total: 1 } } });
      expect(tested).toMatchObject({ status: 200, body: { matches: false, mismatch: { path: '/order/total' } } });
    });
  });
}
