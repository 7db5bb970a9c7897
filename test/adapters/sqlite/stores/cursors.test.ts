import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

describe('cursors', () => {
  test.each(['', 'nonsense', Buffer.from('[1]').toString('base64url'), Buffer.from('[1,2,3]').toString('base64url')])(
    'a text that no list gave out (%j) is refused as the caller’s mistake',
    async (cursor) => {
      const store = openSqliteStore({ path: ':memory:', clock: new VirtualClock() });
      onTestFinished(() => store.close());
      const query = { tenantId: 't', status: 'held', order: 'oldest-first', cursor, limit: 10 } as const;
      const refused = { name: 'RequestError', code: 'invalid-cursor' };
      await expect(store.deliveries.pageByStatus(query)).rejects.toMatchObject(refused);
      await expect(store.due.page({ minute: 1, shard: 0 }, cursor, 10)).rejects.toMatchObject(refused);
    },
  );
});
