import { describe, expect, test } from 'vitest';
import type { RateSlots, SlotRequest } from '../../lib/ports/rate-slots.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const NOW = Date.UTC(2026, 0, 1);

export function describeRateSlots(name: string, open: Open<RateSlots>): void {
  describe(`${name}: rate slots`, () => {
    async function openWithEndpoint() {
      const { port, make } = await openForTest(open);
      const endpoint = { tenantId: make.tenantId, endpointId: make.endpointId(), generation: 1, intervalMs: 100 };
      return (changes: Partial<SlotRequest> = {}) => port.reserve({ ...endpoint, now: NOW, ...changes });
    }

    test('the first slot is now, the next ones follow at the distance of the limit', async () => {
      const reserve = await openWithEndpoint();
      expect([await reserve(), await reserve(), await reserve()]).toEqual([NOW, NOW + 100, NOW + 200]);
    });

    test('a slot that nobody took is not made up for', async () => {
      const reserve = await openWithEndpoint();
      await reserve();
      expect(await reserve({ now: NOW + 5000 })).toBe(NOW + 5000);
      expect(await reserve({ now: NOW + 5000 })).toBe(NOW + 5100);
    });

    test('fifty dispatchers at once get fifty slots', async () => {
      const reserve = await openWithEndpoint();
      const slots = await concurrently(() => reserve());
      expect(slots.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => NOW + n * 100));
    });

    test('a distance that is not whole adds up to the limit', async () => {
      const reserve = await openWithEndpoint();
      const slots: number[] = [];
      for (let n = 0; n < 31; n += 1) slots.push(await reserve({ intervalMs: 1000 / 3 }));
      const last = (slots.at(-1) ?? 0) - NOW;
      expect(last).toBeGreaterThanOrEqual(10_000);
      expect(last).toBeLessThanOrEqual(10_001);
    });

    test('a slot is a whole millisecond, and never before the moment of asking', async () => {
      const reserve = await openWithEndpoint();
      for (let n = 0; n < 50; n += 1) {
        const now = NOW + n * 1_000_003;
        for (let nth = 0; nth < 2; nth += 1) {
          const slot = await reserve({ now, intervalMs: 1000 / 7 });
          expect(slot).toBe(Math.ceil(slot));
          expect(slot).toBeGreaterThanOrEqual(now);
        }
      }
    });

    test('a newer generation of the endpoint starts anew, an older one queues behind it', async () => {
      const reserve = await openWithEndpoint();
      await reserve({ intervalMs: 60_000 });
      expect(await reserve({ intervalMs: 60_000 })).toBe(NOW + 60_000);
      expect(await reserve({ generation: 2 })).toBe(NOW);
      expect(await reserve({ generation: 1 })).toBe(NOW + 100);
    });

    test('an older generation has its slot at once where nobody waits, and the newer one goes on behind it', async () => {
      const reserve = await openWithEndpoint();
      await reserve({ generation: 2 });
      const now = NOW + 5000;
      expect(await reserve({ generation: 1, now })).toBe(now);
      expect(await reserve({ generation: 2, now })).toBe(now + 100);
    });
  });
}
