import { describe, expect, test } from 'vitest';
import type { QuotaCounter } from '../../lib/ports/quota-counter.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeQuotaCounter(name: string, open: Open<QuotaCounter>): void {
  describe(`${name}: quota counter`, () => {
    test('fifty processes at once add up', async () => {
      const { port, make } = await openForTest(open);
      const totals = await concurrently(() => port.add(make.tenantId, 7, 3));
      expect(totals.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => (n + 1) * 3));
    });

    test('tests and alerts are counted beside events', async () => {
      const { port, make } = await openForTest(open);
      await port.add(make.tenantId, 7, 100);
      expect(await port.add(make.tenantId, 7, 5, 'alerts')).toBe(5);
      expect(await port.add(make.tenantId, 7, 1, 'tests')).toBe(1);
      expect(await port.add(make.tenantId, 7, 1, 'tests')).toBe(2);
      expect(await port.add(make.tenantId, 7, 1, 'events')).toBe(101);
    });

    test('what was counted can be taken back', async () => {
      const { port, make } = await openForTest(open);
      expect(await port.add(make.tenantId, 7, 1, 'mails')).toBe(1);
      expect(await port.add(make.tenantId, 7, -1, 'mails')).toBe(0);
      expect(await port.add(make.tenantId, 7, 1, 'mails')).toBe(1);
    });

    test('a new window, and another tenant, begin at nothing', async () => {
      const { port, make } = await openForTest(open);
      await port.add(make.tenantId, 7, 100);
      expect(await port.add(make.tenantId, 8, 1)).toBe(1);
      expect(await port.add(make.name('other'), 7, 2)).toBe(2);
    });
  });
}
