import { describe, expect, test } from 'vitest';
import type { AlertAddress } from '../../lib/domain/alert-address.ts';
import type { AlertAddressStore } from '../../lib/ports/alert-address-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeAlertAddressStore(name: string, open: Open<AlertAddressStore>): void {
  describe(`${name}: addresses for alerts`, () => {
    async function openWithAddress() {
      const { port, make } = await openForTest(open);
      const alert: AlertAddress = {
        tenantId: make.tenantId,
        address: 'ops@example.com',
        types: ['postrider.endpoint.paused', 'postrider.delivery.exhausted'],
        confirmedAt: 1000,
        code: { hash: 'abc', endsAt: 2000 },
        askedAt: [1, 2],
        version: 'first',
      };
      return { port, make, alert };
    }

    test('an address is created once, and read as it was written', async () => {
      const { port, make, alert } = await openWithAddress();
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion(alert, 'other')).toBe(false);
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion(alert, undefined)).toBe(true);
      expect(await port.replaceIfVersion({ ...alert, version: 'second' }, undefined)).toBe(false);
      expect(await port.get(make.tenantId)).toEqual(alert);
    });

    test('a replacement leaves nothing of what was there', async () => {
      const { port, make, alert } = await openWithAddress();
      await port.replaceIfVersion(alert, undefined);
      const bare: AlertAddress = { tenantId: make.tenantId, types: [], askedAt: [3], version: 'second' };
      expect(await port.replaceIfVersion(bare, 'first')).toBe(true);
      expect(await port.get(make.tenantId)).toEqual(bare);
    });

    test('of 50 replacements of one version at the same time one is made', async () => {
      const { port, make, alert } = await openWithAddress();
      await port.replaceIfVersion(alert, undefined);
      const all = await concurrently((n) => port.replaceIfVersion({ ...alert, version: `next ${n}` }, 'first'));
      expect(all.filter((made) => made)).toHaveLength(1);
      expect((await port.get(make.tenantId))?.version).toBe(`next ${all.indexOf(true)}`);
    });

    test('nothing stays of a removed one, and no other is touched', async () => {
      const { port, make, alert } = await openWithAddress();
      await port.remove(make.tenantId);
      await port.replaceIfVersion(alert, undefined);
      await port.remove(`${make.tenantId}#`);
      expect(await port.get(make.tenantId)).toEqual(alert);
      await port.remove(make.tenantId);
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion({ ...alert, version: 'late' }, 'first')).toBe(false);
    });
  });
}
