import { describe, expect, test } from 'vitest';
import type { Ports } from '../../lib/ports/ports.ts';
import { type Open, openForTest } from './opened.ts';

export function describeTenantStore(name: string, open: Open<Pick<Ports, 'tenants' | 'subscriptions'>>): void {
  describe(`${name}: tenants`, () => {
    test('a tenant is registered once, whatever its name', async () => {
      const {
        port: { tenants: port },
        make,
      } = await openForTest(open);
      const tenant = { id: `${make.tenantId} Müller #1/50% 🗼`, name: 'Müller', registeredAt: 1000 };
      expect(await port.get(tenant.id)).toBeUndefined();
      expect(await port.registerUnlessThere(tenant)).toBe(true);
      expect(await port.registerUnlessThere({ id: tenant.id, registeredAt: 2000 })).toBe(false);
      expect(await port.get(tenant.id)).toEqual(tenant);
    });

    test('ingest sees that a tenant is registered in what it reads for each event', async () => {
      const { port, make } = await openForTest(open);
      await port.subscriptions.setQuota(make.tenantId, 5);
      expect(await port.subscriptions.tenant(make.tenantId)).toEqual({ shards: new Map(), eventsPerSecond: 5 });
      await port.tenants.registerUnlessThere({ id: make.tenantId, registeredAt: 1 });
      const known = { shards: new Map(), eventsPerSecond: 5, isRegistered: true };
      expect(await port.subscriptions.tenant(make.tenantId)).toEqual(known);
    });

    test('of fifty registrations of one tenant at the same time one is the first', async () => {
      const {
        port: { tenants: port },
        make,
      } = await openForTest(open);
      const id = make.name('tenant');
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, n) => port.registerUnlessThere({ id, registeredAt: n })),
      );
      expect(all.filter((isNew) => isNew)).toHaveLength(1);
    });

    test('a tenant can be renamed, and an unknown one can not', async () => {
      const {
        port: { tenants: port },
        make,
      } = await openForTest(open);
      const [id, unknown] = [make.name('tenant'), make.name('tenant')];
      await port.registerUnlessThere({ id, registeredAt: 1 });
      await port.rename(id, 'Acme');
      expect(await port.get(id)).toEqual({ id, name: 'Acme', registeredAt: 1 });
      await port.rename(id, undefined);
      expect(await port.get(id)).toEqual({ id, registeredAt: 1 });
      await port.rename(unknown, 'Nobody');
      expect(await port.get(unknown)).toBeUndefined();
    });

    test('the pages have every tenant once, by id in the order of its bytes', async () => {
      const {
        port: { tenants: port },
        make,
      } = await openForTest(open);
      const prefix = make.name('tenant');
      const ids = ['a', 'b', 'Z', 'é', '🗼', '\uffee', '東', '0'].map((end) => `${prefix} ${end}`);
      for (const id of ids) await port.registerUnlessThere({ id, registeredAt: 1 });
      const found: string[] = [];
      let after: string | undefined;
      do {
        const { tenants: some, next } = await port.page(after, 3);
        expect(some.length).toBeLessThanOrEqual(3);
        found.push(...some.map(({ id }) => id));
        after = next;
      } while (after !== undefined);
      expect(new Set(found).size).toBe(found.length);
      const inOrder = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(found.filter((id) => id.startsWith(prefix))).toEqual(inOrder);
    });
  });
}
