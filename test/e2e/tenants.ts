import { describe, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** Ids that need care in a header, a path, a key, or a message group; the next to last differ by what escaping writes. */
const TENANTS = ['user@example.com', 'org|123', 'Müller & Söhne #1/50%', '東京 🗼', 'a#b', 'a%23b', 'ü'.repeat(128)];

/** Whatever printable text a tenant is named by, it has its own data, over real sockets. */
export function describeTenants(backend: Backend): void {
  describe(`tenants of any name, ${backend.name}`, () => {
    const scene = new Scene(backend, 'tenants');

    test('each gets its events, and only those', async () => {
      const all = await Promise.all(
        TENANTS.map(async (tenant) => {
          const api = new Api(scene.running, encodeURIComponent(tenant));
          const at = await scene.receiver(() => 200);
          const endpoint = await api.endpoint({ url: at.url });
          expect(endpoint.tenant_id).toBe(tenant);
          return { api, at, endpoint, event: await api.post({ external_id: tenant }) };
        }),
      );
      for (const { api, at, endpoint, event } of all) {
        await eventually(
          () => api.delivery(event.id, endpoint.id),
          (delivery) => delivery?.status === 'delivered',
        );
        expect(at.arrivals).toHaveLength(1);
        expect((await api.get('/v1/events')).data).toMatchObject([{ id: event.id }]);
        expect((await api.get('/v1/deliveries?status=delivered')).data).toHaveLength(1);
        expect((await api.get('/v1/endpoints')).data).toMatchObject([{ id: endpoint.id }]);
      }
    });

    test('has a quota and a brake of its own', async () => {
      const { tenantInPath: inPath = 'Müller & Söhne #1/50%' } = backend;
      const id = encodeURIComponent(inPath);
      const platform = async (method: string, path: string, body?: unknown) =>
        (await new Api(scene.running).call(method, path, body)).body;
      expect(await platform('PATCH', `/v1/tenants/${id}`, { events_per_second: 5 })).toMatchObject({
        id: inPath,
        events_per_second: 5,
      });
      expect(await platform('PUT', `/v1/brake?tenant_id=${id}`)).toMatchObject({ tenant_id: inPath });
      expect(await platform('DELETE', `/v1/brake?tenant_id=${id}`)).toMatchObject({ braked_since: null });
    });
  });
}
