import { describe, expect, test } from 'vitest';
import { newId } from '../../lib/domain/ids.ts';
import type { AuditLine, AuditLog } from '../../lib/ports/audit-log.ts';
import { type Open, openForTest } from './opened.ts';

export function describeAuditLog(name: string, open: Open<AuditLog>): void {
  describe(`${name}: audit log`, () => {
    async function openWithLines() {
      const { port, make, clock } = await openForTest(open);
      const lineAt = (at: number, more: Partial<AuditLine> = {}): AuditLine => ({
        id: newId('aud', { now: () => at, fraction: Math.random }),
        tenantId: make.tenantId,
        at,
        action: 'endpoints.pause',
        keyId: 'key_1',
        requestId: 'request-1',
        ...more,
      });
      const start = clock.now();
      const idsOf = async (range: Partial<Parameters<AuditLog['page']>[1]> = {}) =>
        (await port.page(make.tenantId, { since: start, limit: 100, ...range })).map(({ id }) => id);
      return { port, make, start, lineAt, idsOf };
    }

    test('a line has no outcome until it is concluded', async () => {
      const { port, make, start, lineAt } = await openWithLines();
      const line = lineAt(start, { target: 'ep_1', address: '192.0.2.1' });
      await port.write(line);
      const read = () => port.page(make.tenantId, { since: start, limit: 10 });
      expect(await read()).toEqual([line]);
      await port.conclude(line, { outcome: 'refused', code: 'wrong-state' });
      expect(await read()).toEqual([{ ...line, outcome: 'refused', code: 'wrong-state' }]);
      await port.conclude(line, { outcome: 'done', target: 'ep_2' });
      expect(await read()).toMatchObject([{ outcome: 'done', target: 'ep_2' }]);
    });

    test('what was never written is not concluded', async () => {
      const { port, start, lineAt, idsOf } = await openWithLines();
      await port.conclude(lineAt(start), { outcome: 'done' });
      expect(await idsOf()).toEqual([]);
    });

    test('a page is of one owner, newest first, before a line and within the times', async () => {
      const { port, make, start, lineAt, idsOf } = await openWithLines();
      const lines = Array.from({ length: 12 }, (_, n) => lineAt(start + n));
      for (const line of lines.toSorted(() => Math.random() - 0.5)) await port.write(line);
      const { tenantId: _, ...ofPlatform } = lineAt(start + 5);
      await port.write(ofPlatform);
      await port.write(lineAt(start + 5, { tenantId: `${make.tenantId}#` }));

      const ids = lines.map(({ id }) => id).toReversed();
      expect(await idsOf()).toEqual(ids);
      expect(await idsOf({ limit: 3 })).toEqual(ids.slice(0, 3));
      expect(await idsOf({ before: ids[2] as string, limit: 3 })).toEqual(ids.slice(3, 6));
      expect(await idsOf({ since: start + 10 })).toEqual(ids.slice(0, 2));
      expect(await idsOf({ until: start + 2 })).toEqual(ids.slice(10));
      expect(await idsOf({ until: start + 5, before: ids[10] as string })).toEqual(ids.slice(11));
      expect(await idsOf({ until: start - 1000 })).toEqual([]);
      expect(await idsOf({ before: ids[11] as string })).toEqual([]);
      const platform = await port.page(undefined, { since: start, limit: 1000 });
      expect(platform).toContainEqual(ofPlatform);
      expect(platform.every(({ tenantId }) => tenantId === undefined)).toBe(true);
    });
  });
}
