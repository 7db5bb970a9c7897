import { describe, expect, test } from 'vitest';
import type { IdempotencyRecord, IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const DAY_MS = 24 * 3600 * 1000;

export function describeIdempotencyStore(name: string, open: Open<IdempotencyStore>): void {
  describe(`${name}: idempotency claims`, () => {
    async function openWithRecord() {
      const { port, clock, make } = await openForTest(open);
      const claim: IdempotencyRecord = {
        tenantId: make.tenantId,
        key: make.name('key'),
        resourceId: make.event().id,
        bodyHash: 'hash-1',
        expiresAt: clock.now() + DAY_MS,
      };
      /** What stands there: a claim that is taken is answered. */
      const stored = () => port.claimUnlessTaken({ ...claim, resourceId: 'evt_reader' }, clock.now());
      return { port, clock, make, claim, stored };
    }

    test('a key that nobody claimed is ours', async () => {
      const { port, clock, claim } = await openWithRecord();
      expect(await port.claimUnlessTaken(claim, clock.now())).toBeUndefined();
    });

    test('a taken key is answered with the claim that is there', async () => {
      const { port, clock, make, claim } = await openWithRecord();
      await port.claimUnlessTaken(claim, clock.now());
      const other = { ...claim, resourceId: make.event().id, bodyHash: 'hash-2' };
      expect(await port.claimUnlessTaken(other, clock.now())).toEqual(claim);
    });

    test('exactly one of 50 concurrent claims wins, and the others are told its event', async () => {
      const { port, clock, claim } = await openWithRecord();
      const answers = await concurrently((caller) =>
        port.claimUnlessTaken({ ...claim, resourceId: `evt_${caller}` }, clock.now()),
      );
      const winners = answers.flatMap((answer, caller) => (answer === undefined ? [`evt_${caller}`] : []));
      expect(winners).toHaveLength(1);
      const named = new Set(answers.flatMap((answer) => (answer ? [answer.resourceId] : [])));
      expect([...named]).toEqual(winners);
    });

    test('the same key of another tenant is another claim', async () => {
      const { port, clock, make, claim } = await openWithRecord();
      await port.claimUnlessTaken(claim, clock.now());
      expect(await port.claimUnlessTaken({ ...claim, tenantId: make.name('other') }, clock.now())).toBeUndefined();
    });

    test('an expired claim is none', async () => {
      const { port, clock, make, claim, stored } = await openWithRecord();
      await port.claimUnlessTaken(claim, clock.now());
      await clock.advance(DAY_MS - 1);
      expect(await stored()).toEqual(claim);
      await clock.advance(2);
      const next = { ...claim, resourceId: make.event().id, expiresAt: clock.now() + DAY_MS };
      expect(await port.claimUnlessTaken(next, clock.now())).toBeUndefined();
      expect(await stored()).toEqual(next);
    });
  });
}
