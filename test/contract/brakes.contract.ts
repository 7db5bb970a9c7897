import { describe, expect, test } from 'vitest';
import { type Brakes, MAX_TENANT_BRAKES } from '../../lib/ports/brakes.ts';
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

    test('one read tells of every tenant whether its own brake or the deployment’s stops it', async () => {
      const { port, make } = await openForTest(open);
      const scope = { tenantId: make.tenantId };
      await port.set(scope, 1);
      const standing = await port.standing();
      expect([standing(make.tenantId), standing(make.name('other'))]).toEqual([true, false]);
      await port.set('deployment', 1);
      expect((await port.standing())(make.name('other'))).toBe(true);
      await port.release('deployment');
      await port.release(scope);
      expect((await port.standing())(make.tenantId)).toBe(false);
    });

    test('a tenant whose id is as long as it may be can be braked', async () => {
      const { port, make } = await openForTest(open);
      const scope = { tenantId: make.tenantId.padEnd(128, 'ü.-_') };
      expect(await port.set(scope, 7)).toBe(true);
      expect(await port.get(scope)).toBe(7);
      expect(await port.release(scope)).toBe(true);
    });

    test('forty tenants can be braked at once, and the deployment besides', async () => {
      const { port, make } = await openForTest(open);
      const scopes = Array.from({ length: MAX_TENANT_BRAKES }, (_, n) => ({ tenantId: make.name(`braked-${n}`) }));
      for (const scope of scopes) expect(await port.set(scope, 1)).toBe(true);
      const oneMore = { tenantId: make.name('one-more') };
      expect(await port.set(oneMore, 2)).toBe(false);
      expect(await port.get(oneMore)).toBeUndefined();
      expect(await port.set(scopes[0] as { tenantId: string }, 3)).toBe(true);
      expect(await port.set('deployment', 4)).toBe(true);
      await port.release('deployment');
      for (const scope of scopes) await port.release(scope);
      expect(await port.set(oneMore, 5)).toBe(true);
      await port.release(oneMore);
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
