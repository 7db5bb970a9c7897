import { describe, expect, test } from 'vitest';
import type { ApiKey, ApiKeyStore } from '../../lib/ports/api-key-store.ts';
import { type Open, openForTest } from './opened.ts';

export function describeApiKeyStore(name: string, open: Open<ApiKeyStore>): void {
  describe(`${name}: API keys`, () => {
    async function openWithKey() {
      const { port, make, clock } = await openForTest(open);
      const hash = make.name('hash');
      const key: ApiKey = {
        hash,
        id: 'key_1',
        tenantId: make.tenantId,
        scopes: ['events:write'],
        createdAt: clock.now(),
      };
      return { port, make, key };
    }

    test('a key is found by its hash, a tenant key and a platform key alike', async () => {
      const { port, make, key } = await openWithKey();
      const { tenantId: _tenantId, ...platformKey } = { ...key, hash: make.name('hash'), label: 'ops' };
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
      await port.put({ ...key, label: 'old' });
      await port.put({ ...key, scopes: [] });
      expect(await port.find(key.hash)).toEqual({ ...key, scopes: [] });
    });
  });
}
