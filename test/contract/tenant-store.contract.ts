import { describe, expect, test } from 'vitest';
import type { Ports } from '../../lib/ports/ports.ts';
import { type Open, openForTest } from './opened.ts';

const DAY = 24 * 3600 * 1000;

export function describeTenantStore(name: string, open: Open<Pick<Ports, 'tenants' | 'subscriptions'>>): void {
  describe(`${name}: tenants`, () => {
    test('a tenant is registered once, whatever its name', async () => {
      const {
        port: { tenants: port },
        make,
      } = await openForTest(open);
      const tenant = { id: `${make.tenantId} Müller #1/50% 🗼`, name: 'Müller', registeredAt: 1000 };
      expect(await port.get(tenant.id)).toBeUndefined();
      expect(await port.registerUnlessThere(tenant)).toBe('new');
      expect(await port.registerUnlessThere({ id: tenant.id, registeredAt: 2000 })).toBe('there');
      expect(await port.get(tenant.id)).toEqual(tenant);
    });

    test('ingest sees that a tenant is registered in what it reads for each event', async () => {
      const { port, make } = await openForTest(open);
      await port.subscriptions.setQuota(make.tenantId, 5);
      expect(await port.subscriptions.tenant(make.tenantId)).toEqual({ shards: new Map(), eventsPerSecond: 5 });
      await port.tenants.registerUnlessThere({ id: make.tenantId, registeredAt: 1 });
      const known = { shards: new Map(), eventsPerSecond: 5, isRegistered: true, registeredAt: 1 };
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
      expect(all.filter((one) => one === 'new')).toHaveLength(1);
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

    test('of an erased tenant a tombstone stays for as long as the log, and nothing else that it had', async () => {
      const { port, make, clock } = await openForTest(open);
      const { tenants, subscriptions } = port;
      const [id, unknown] = [make.name('tenant'), make.name('tenant')];
      await tenants.registerUnlessThere({ id, name: 'Acme', registeredAt: 1 });
      await subscriptions.setQuota(id, 5);
      await subscriptions.raiseShard(id, 0);
      const erasure = { at: clock.now(), jobId: 'job_1' };
      const tombstone = { id, registeredAt: 1, erasure };
      expect(await tenants.erase(id, erasure)).toEqual(tombstone);
      expect(await tenants.get(id)).toEqual(tombstone);
      expect(await subscriptions.tenant(id)).toEqual({ shards: new Map(), isErased: true });
      expect(await tenants.erase(unknown, erasure)).toBeUndefined();
      expect(await tenants.get(unknown)).toBeUndefined();

      // The first erasure stays, and what was written into its place goes.
      await subscriptions.raiseShard(id, 0);
      expect(await tenants.erase(id, { at: clock.now() + 1, jobId: 'job_2' })).toEqual(tombstone);
      expect(await subscriptions.tenant(id)).toEqual({ shards: new Map(), isErased: true });
      await tenants.rename(id, 'Nobody');
      expect(await tenants.registerUnlessThere({ id, name: 'Nobody', registeredAt: 2 })).toBe('erased');
      expect(await tenants.get(id)).toEqual(tombstone);

      await clock.advance(30 * DAY + 1000);
      expect(await tenants.get(id)).toBeUndefined();
      expect(await subscriptions.tenant(id)).toEqual({ shards: new Map() });
      const again = { id, registeredAt: clock.now() };
      expect(await tenants.registerUnlessThere(again)).toBe('new');
      expect(await tenants.get(id)).toEqual(again);
      const known = { shards: new Map(), isRegistered: true, registeredAt: again.registeredAt };
      expect(await subscriptions.tenant(id)).toEqual(known);
    });

    test('the pages have every tenant once, by id in the order of its bytes', async () => {
      const {
        port: { tenants: port },
        make,
        clock,
      } = await openForTest(open);
      const prefix = make.name('tenant');
      const ids = ['a', 'b', 'Z', 'é', '🗼', '\uffee', '東', '0'].map((end) => `${prefix} ${end}`);
      for (const id of ids) await port.registerUnlessThere({ id, registeredAt: 1 });
      // Tombstones are among them.
      await port.erase(`${prefix} Z`, { at: clock.now(), jobId: 'job_1' });
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
