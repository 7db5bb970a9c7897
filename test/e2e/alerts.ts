import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** A busy machine is slow: what is lost comes later than this, by sweep. */
const LIMIT_MS = 60_000;

/** What docs/alerts.md promises of changes of an endpoint, over real sockets. */
export function describeAlerts(backend: Backend): void {
  describe(`alerts, ${backend.name}`, () => {
    const scene = new Scene(backend, 'alerts');

    test('who asks for them is told, signed, that an endpoint was paused and resumed; who asks for * is not', async () => {
      const { api } = scene;
      const [told, all] = [await scene.receiver(), await scene.receiver()];
      const { signing_secret: secret } = await api.endpoint({ url: told.url, events: ['postrider.endpoint.*'] });
      const { id } = await api.endpoint({ url: all.url, label: 'Orders' });
      await api.change(id, 'pause');
      const alerts = (count: number) =>
        eventually(
          async () => told.arrivals,
          ({ length }) => length >= count,
          { ms: LIMIT_MS },
        );
      await alerts(1);
      await api.change(id, 'resume');
      const [paused, resumed] = (await alerts(2)).map(({ body, headers }) => new Webhook(secret).verify(body, headers));
      const data = { endpoint_id: id, label: 'Orders' };
      expect(paused).toMatchObject({ type: 'postrider.endpoint.paused', data: { ...data, reason: 'manual' } });
      expect(resumed).toMatchObject({ type: 'postrider.endpoint.resumed', data });
      const { id: eventId } = await api.post();
      await scene.arrived(all, eventId);
      expect(all.arrivals).toHaveLength(1);
    }, 240_000);
  });
}
