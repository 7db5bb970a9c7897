import { describe, expect, test } from 'vitest';
import { DEFAULT_LOG_TTL_MS } from '../../lib/domain/log-lifetime.ts';
import { MAX_NUMBER, NUMBER_KEPT_MS, type NumberSequence, type NumberStore } from '../../lib/ports/number-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeNumberStore(name: string, open: Open<NumberStore>): void {
  describe(`${name}: numbers`, () => {
    async function opened() {
      const { port, clock, make } = await openForTest(open);
      const endpoints: NumberSequence = { tenantId: `${make.name('tenant')}#%1`, kind: 'endpoint' };
      const deliveries: NumberSequence = { ...endpoints, kind: 'delivery' };
      return { port, clock, endpoints, deliveries, other: { ...endpoints, tenantId: make.name('other') } };
    }

    test('a number is given when a thing is first shown, leads back to it, and stays', async () => {
      const { port, endpoints } = await opened();
      expect(await port.numbersOf(endpoints, [])).toEqual([]);
      expect(await port.numbersOf(endpoints, ['a', 'b'])).toEqual([1, 2]);
      expect(await port.numbersOf(endpoints, ['c', 'b', 'a', 'c'])).toEqual([3, 2, 1, 3]);
      expect(await Promise.all([1, 2, 3, 4].map((n) => port.find(endpoints, n)))).toEqual(['a', 'b', 'c', undefined]);
    });

    test('many that are shown at once have numbers in their order, around those that are kept', async () => {
      const { port, endpoints } = await opened();
      const ids = Array.from({ length: 50 }, (_, n) => `e${String(n).padStart(2, '0')}`);
      await port.keep(endpoints, 'e30', 3);
      const numbers = await port.numbersOf(endpoints, ids);
      const others = numbers.toSpliced(30, 1);
      expect(numbers[30]).toBe(3);
      expect(others).toEqual(others.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(50);
      expect(await Promise.all(numbers.map((number) => port.find(endpoints, number)))).toEqual(ids);
    });

    test('each tenant and each kind has a sequence of its own', async () => {
      const { port, endpoints, deliveries, other } = await opened();
      await port.numbersOf(endpoints, ['a', 'b']);
      expect(await port.numbersOf(deliveries, ['b'])).toEqual([1]);
      expect(await port.numbersOf(other, ['b'])).toEqual([1]);
      expect(await port.find(deliveries, 2)).toBeUndefined();
      expect(await port.find(other, 2)).toBeUndefined();
    });

    test('fifty that are shown to fifty callers at once have fifty numbers, the same for all', async () => {
      const { port, deliveries } = await opened();
      const ids = Array.from({ length: 5 }, (_, n) => `d${n}`);
      const all = await concurrently((n) => port.numbersOf(deliveries, [...ids, `own ${n}`]));
      expect(new Set(all.map((numbers) => numbers.slice(0, 5).join())).size).toBe(1);
      const given = new Set(all.flat());
      expect(given.size).toBe(55);
      for (const number of given) expect(await port.find(deliveries, number)).toBeDefined();
    });

    test('a kept number is that from elsewhere, and later ones are larger', async () => {
      const { port, endpoints } = await opened();
      expect(await port.keep(endpoints, 'old', 42)).toBe(true);
      expect(await port.keep(endpoints, 'old', 42)).toBe(true);
      expect(await port.keep(endpoints, 'older', 7)).toBe(true);
      expect(await port.numbersOf(endpoints, ['new', 'old', 'older'])).toEqual([43, 42, 7]);
      expect(await port.find(endpoints, 7)).toBe('older');
      expect(await port.keep(endpoints, 'last', MAX_NUMBER)).toBe(true);
      expect(await port.find(endpoints, MAX_NUMBER)).toBe('last');
    });

    test('a number that is another’s is not kept, nor a second one: nothing is changed', async () => {
      const { port, endpoints } = await opened();
      await port.numbersOf(endpoints, ['a', 'b']);
      expect(await port.keep(endpoints, 'c', 2)).toBe(false);
      expect(await port.keep(endpoints, 'a', 9)).toBe(false);
      expect(await port.find(endpoints, 9)).toBeUndefined();
      expect(await port.numbersOf(endpoints, ['a', 'b', 'c'])).toEqual([1, 2, 3]);
    });

    test('of fifty that want one number at once, one keeps it', async () => {
      const { port, endpoints } = await opened();
      const kept = await concurrently((n) => port.keep(endpoints, `e${n}`, 42));
      expect(kept.filter((one) => one)).toHaveLength(1);
      expect(await port.find(endpoints, 42)).toBe(`e${kept.indexOf(true)}`);
    });

    test('the latest come first', async () => {
      const { port, deliveries } = await opened();
      const ids = Array.from({ length: 12 }, (_, n) => `d${n}`);
      await port.numbersOf(deliveries, ids);
      expect(await port.latest(deliveries, 3)).toEqual(['d11', 'd10', 'd9']);
      expect(await port.latest(deliveries, 50)).toEqual(ids.toReversed());
    });

    test('an endpoint’s number stays, a delivery’s ends a month after the log, and no number comes again', async () => {
      const { port, clock, endpoints, deliveries } = await opened();
      await port.numbersOf(endpoints, ['e']);
      await port.numbersOf(deliveries, ['d']);
      await clock.advance(DEFAULT_LOG_TTL_MS + NUMBER_KEPT_MS - 1000);
      expect(await port.find(deliveries, 1)).toBe('d');
      await clock.advance(2000);
      expect(await port.find(endpoints, 1)).toBe('e');
      expect(await port.find(deliveries, 1)).toBeUndefined();
      expect(await port.latest(deliveries, 5)).toEqual([]);
      expect(await port.numbersOf(deliveries, ['later'])).toEqual([2]);
    });
  });
}
