import { describe, expect, test } from 'vitest';
import type { Brakes } from '../../lib/ports/brakes.ts';
import { type Open, openForTest } from './opened.ts';

export function describeBrakes(name: string, open: Open<Brakes>): void {
  describe(`${name}: brakes`, () => {
    test('a brake is set until it is released, and keeps the time of its first setting', async () => {
      const { port, make } = await openForTest(open);
      const scope = { tenantId: make.tenantId };
      expect(await port.get(scope)).toBeUndefined();
      await port.set(scope, 1000);
      await port.set(scope, 2000);
      expect(await port.get(scope)).toBe(1000);
      expect(await port.release(scope)).toBe(true);
      expect(await port.release(scope)).toBe(false);
      expect(await port.get(scope)).toBeUndefined();
    });

    test("a tenant's brake is not another's and not the deployment's", async () => {
      const { port, make } = await openForTest(open);
      await port.set({ tenantId: make.tenantId }, 1);
      expect(await port.get({ tenantId: make.name('other') })).toBeUndefined();
      expect(await port.get('deployment')).toBeUndefined();
      await port.release({ tenantId: make.tenantId });
    });
  });
}
