import { describe, expect, test } from 'vitest';
import type { SecondFactor } from '../../lib/domain/second-factor.ts';
import type { SecondFactorStore } from '../../lib/ports/second-factor-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

export function describeSecondFactorStore(name: string, open: Open<SecondFactorStore>): void {
  describe(`${name}: second factors`, () => {
    async function openWithFactor() {
      const { port, make } = await openForTest(open);
      const factor: SecondFactor = {
        id: 'factor',
        tenantId: make.tenantId,
        status: 'pending',
        sealedSecret: 'sealed',
        createdAt: 1000,
        lastStep: 5,
        recoveryHashes: ['a', 'b'],
        wrongAt: [1, 2],
        lockedUntil: 9000,
        stepUps: { key_1: 2000 },
        version: 'first',
      };
      return { port, make, factor };
    }

    test('a factor is created once, and read as it was written', async () => {
      const { port, make, factor } = await openWithFactor();
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion(factor, 'other')).toBe(false);
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion(factor, undefined)).toBe(true);
      expect(await port.replaceIfVersion({ ...factor, version: 'second' }, undefined)).toBe(false);
      expect(await port.get(make.tenantId)).toEqual(factor);
    });

    test('of 50 replacements of one version at the same time one is made', async () => {
      const { port, make, factor } = await openWithFactor();
      await port.replaceIfVersion(factor, undefined);
      const all = await concurrently((n) => port.replaceIfVersion({ ...factor, version: `next ${n}` }, 'first'));
      expect(all.filter((made) => made)).toHaveLength(1);
      expect((await port.get(make.tenantId))?.version).toBe(`next ${all.indexOf(true)}`);
    });

    test('nothing stays of a removed one', async () => {
      const { port, make, factor } = await openWithFactor();
      await port.remove(make.tenantId);
      await port.replaceIfVersion(factor, undefined);
      await port.remove(`${make.tenantId}#`);
      expect(await port.get(make.tenantId)).toEqual(factor);
      await port.remove(make.tenantId);
      expect(await port.get(make.tenantId)).toBeUndefined();
      expect(await port.replaceIfVersion({ ...factor, version: 'late' }, 'first')).toBe(false);
    });

    test('the platform has one of its own', async () => {
      const { port, make, factor } = await openWithFactor();
      const { tenantId: _, ...ofPlatform } = factor;
      await port.remove(undefined);
      await port.replaceIfVersion(ofPlatform, undefined);
      expect(await port.get(undefined)).toEqual(ofPlatform);
      expect(await port.get(make.tenantId)).toBeUndefined();
    });
  });
}
