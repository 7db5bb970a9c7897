import { describe, expect, test } from 'vitest';
import { openMockedStore } from '../fixture.ts';

describe('cursors', () => {
  test.each(['', 'nonsense', Buffer.from('[1]').toString('base64url'), Buffer.from('"x"').toString('base64url')])(
    'a text that no list gave out (%j) is refused as the caller’s mistake',
    async (cursor) => {
      const { store } = openMockedStore();
      const query = { tenantId: 't', status: 'held', order: 'oldest-first', cursor, limit: 10 } as const;
      const refused = { name: 'RequestError', code: 'invalid-cursor' };
      await expect(store.deliveries.pageByStatus(query)).rejects.toMatchObject(refused);
      await expect(store.due.page({ minute: 1, shard: 0 }, cursor, 10)).rejects.toMatchObject(refused);
    },
  );
});
