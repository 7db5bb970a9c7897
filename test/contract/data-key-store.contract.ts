import { describe, expect, test } from 'vitest';
import type { DataKeyStore } from '../../lib/ports/data-key-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeDataKeyStore(name: string, open: Open<DataKeyStore>): void {
  describe(`${name}: data keys`, () => {
    test('a period has no key until one is kept', async () => {
      const { port, make } = await openForTest(open);
      const period = make.name('period');
      expect(await port.find(period)).toBeUndefined();
      expect(await port.keepUnlessThere(period, 'first')).toBe('first');
      expect(await port.find(period)).toBe('first');
    });

    test('the first key of a period stays, and who comes later is told it', async () => {
      const { port, make } = await openForTest(open);
      const period = make.name('period');
      const told = await concurrently((caller) => port.keepUnlessThere(period, `key ${caller}`));
      expect(new Set(told).size).toBe(1);
      expect(await port.find(period)).toBe(told[0]);
    });

    test('periods have keys of their own', async () => {
      const { port, make } = await openForTest(open);
      const periods = [make.name('period'), make.name('period')];
      for (const period of periods) await port.keepUnlessThere(period, `key of ${period}`);
      const found = await Promise.all(periods.map((period) => port.find(period)));
      expect(found).toEqual(periods.map((period) => `key of ${period}`));
    });
  });
}
