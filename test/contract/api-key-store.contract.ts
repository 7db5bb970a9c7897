import { describe, expect, test } from 'vitest';
import type { ApiKey, ApiKeyStore, KeyOwner } from '../../lib/ports/api-key-store.ts';
import { type Open, openForTest } from './opened.ts';

export function describeApiKeyStore(name: string, open: Open<ApiKeyStore>): void {
  describe(`${name}: API keys`, () => {
    async function openWithKey() {
      const { port, make, clock } = await openForTest(open);
      const hash = make.name('hash');
      const key: ApiKey = {
        hash,
        id: make.name('key_1'),
        tenantId: make.tenantId,
        scopes: ['events:write'],
        createdAt: clock.now(),
      };
      return { port, make, key };
    }

    test('a key is found by its hash, a tenant key and a platform key alike', async () => {
      const { port, make, key } = await openWithKey();
      const { tenantId: _tenantId, ...platformKey } = { ...key, hash: make.name('hash'), name: 'ops' };
      await port.put(key);
      await port.put(platformKey);
      expect(await port.find(key.hash)).toEqual(key);
      expect(await port.find(platformKey.hash)).toEqual(platformKey);
    });

    test('an unknown hash finds nothing', async () => {
      const { port, make } = await openWithKey();
      expect(await port.find(make.name('hash'))).toBeUndefined();
    });

    test('putting a key again replaces it', async () => {
      const { port, key } = await openWithKey();
      await port.put({ ...key, name: 'old' });
      await port.put({ ...key, scopes: [] });
      expect(await port.find(key.hash)).toEqual({ ...key, scopes: [] });
    });

    test('a key is found by its id by its owner only', async () => {
      const { port, make, key } = await openWithKey();
      await port.put(key);
      expect(await port.get(make.tenantId, key.id)).toEqual(key);
      expect(await port.get(make.tenantId, 'key_2')).toBeUndefined();
      for (const other of [undefined, `${make.tenantId}#`, 'other']) {
        expect(await port.get(other, key.id)).toBeUndefined();
        expect(await port.revoke(other, key.id, 1)).toBeUndefined();
        expect(await port.endBy(other, key.id, 1)).toBeUndefined();
      }
      expect(await port.find(key.hash)).toEqual(key);
    });

    test('pages have the keys of one owner by id, the platform’s apart', async () => {
      const { port, make, key } = await openWithKey();
      const keyOf = (n: number): ApiKey => ({ ...key, hash: make.name('hash'), id: `key_${make.tenantId}_${n}` });
      const { tenantId: _, ...ofPlatform } = keyOf(9);
      for (const one of [keyOf(3), keyOf(1), ofPlatform, keyOf(2)]) await port.put(one);
      const idsOf = async (owner: KeyOwner, after: string | undefined, limit: number) => {
        const { keys, next } = await port.page(owner, after, limit);
        return [keys.map(({ id }) => id), next];
      };
      const id = (n: number) => `key_${make.tenantId}_${n}`;
      expect(await idsOf(make.tenantId, undefined, 2)).toEqual([[id(1), id(2)], id(2)]);
      expect(await idsOf(make.tenantId, id(2), 2)).toEqual([[id(3)], undefined]);
      const { keys } = await port.page(undefined, undefined, 1000);
      expect(keys.map((one) => one.id)).toContain(id(9));
      expect(keys.every(({ tenantId }) => tenantId === undefined)).toBe(true);
    });

    test('the live keys of an owner are counted: neither ended ones nor anybody else’s, and no more than are asked for', async () => {
      const { port, make, key } = await openWithKey();
      const now = key.createdAt;
      const keyOf = (n: number, more: Partial<ApiKey> = {}): ApiKey => ({
        ...key,
        hash: make.name('hash'),
        id: `key_${make.tenantId}_${n}`,
        ...more,
      });
      const live = () => port.countLive(make.tenantId, now, 10);
      expect(await live()).toBe(0);
      const all = [
        keyOf(1),
        keyOf(2),
        keyOf(3),
        keyOf(4, { expiresAt: now + 5000 }),
        keyOf(5, { expiresAt: now - 5000 }),
      ];
      for (const one of [...all, { ...keyOf(6), tenantId: `${make.tenantId}2` }]) await port.put(one);
      expect(await live()).toBe(4);
      await port.revoke(make.tenantId, keyOf(1).id, now - 1000);
      await port.endBy(make.tenantId, keyOf(2).id, now - 1000);
      await port.endBy(make.tenantId, keyOf(3).id, now + 5000);
      expect(await live()).toBe(2);
      expect(await port.countLive(make.tenantId, now, 1)).toBe(1);
      expect(await port.countLive(make.tenantId, now + 10_000, 10)).toBe(0);
    });

    test('a revoked key keeps the time of its first revocation', async () => {
      const { port, make, key } = await openWithKey();
      await port.put(key);
      expect(await port.revoke(make.tenantId, key.id, 1000)).toEqual({ ...key, revokedAt: 1000 });
      expect(await port.revoke(make.tenantId, key.id, 2000)).toEqual({ ...key, revokedAt: 1000 });
      expect(await port.find(key.hash)).toEqual({ ...key, revokedAt: 1000 });
    });

    test('the end of a key is only ever brought forward', async () => {
      const { port, make, key } = await openWithKey();
      await port.put(key);
      expect(await port.endBy(make.tenantId, key.id, 5000)).toEqual({ ...key, expiresAt: 5000 });
      expect(await port.endBy(make.tenantId, key.id, 6000)).toEqual({ ...key, expiresAt: 5000 });
      expect(await port.endBy(make.tenantId, key.id, 4000)).toEqual({ ...key, expiresAt: 4000 });
      expect(await port.find(key.hash)).toEqual({ ...key, expiresAt: 4000 });
    });

    test('a use is noted unless a later one is, beside whatever else changes', async () => {
      const { port, make, key } = await openWithKey();
      await port.put(key);
      await Promise.all([port.noteUse(key.hash, 5000, 1000), port.revoke(make.tenantId, key.id, 4000)]);
      await port.noteUse(key.hash, 5500, 5000);
      expect(await port.find(key.hash)).toEqual({ ...key, revokedAt: 4000, lastUsedAt: 5000 });
      await port.noteUse(key.hash, 9000, 5001);
      expect(await port.find(key.hash)).toMatchObject({ lastUsedAt: 9000 });
      const unknown = make.name('hash');
      await port.noteUse(unknown, 1, 1);
      expect(await port.find(unknown)).toBeUndefined();
    });
  });
}
