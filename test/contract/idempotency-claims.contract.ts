import { describe, expect, test } from 'vitest';
import type { Claim, IdempotencyClaims } from '../../lib/ports/idempotency-claims.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const DAY_MS = 24 * 3600 * 1000;

export function describeIdempotencyClaims(name: string, open: Open<IdempotencyClaims>): void {
  describe(`${name}: idempotency claims`, () => {
    async function openWithClaim() {
      const { port, clock, make } = await openForTest(open);
      const claim: Claim = {
        tenantId: make.tenantId,
        key: make.name('key'),
        eventId: make.event().id,
        bodyHash: 'hash-1',
        leaseToken: 'holder-1',
        leaseUntil: clock.now() + 30_000,
        expiresAt: clock.now() + DAY_MS,
      };
      /** What stands there: a claim that is taken is answered. */
      const stored = () => port.claimUnlessTaken({ ...claim, leaseToken: 'reader' }, clock.now());
      return { port, clock, make, claim, stored };
    }

    test('a key that nobody claimed is ours', async () => {
      const { port, clock, claim } = await openWithClaim();
      expect(await port.claimUnlessTaken(claim, clock.now())).toBeUndefined();
    });

    test('a taken key is answered with the claim that is there', async () => {
      const { port, clock, claim } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      const other = { ...claim, leaseToken: 'holder-2', bodyHash: 'hash-2' };
      expect(await port.claimUnlessTaken(other, clock.now())).toEqual(claim);
    });

    test('exactly one of 50 concurrent claims wins, and the others are told its holder', async () => {
      const { port, clock, claim } = await openWithClaim();
      const answers = await concurrently((caller) =>
        port.claimUnlessTaken({ ...claim, leaseToken: `holder-${caller}` }, clock.now()),
      );
      const winners = answers.flatMap((answer, caller) => (answer === undefined ? [`holder-${caller}`] : []));
      expect(winners).toHaveLength(1);
      const holders = new Set(answers.flatMap((answer) => (answer ? [answer.leaseToken] : [])));
      expect([...holders]).toEqual(winners);
    });

    test('the same key of another tenant is another claim', async () => {
      const { port, clock, make, claim } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      expect(await port.claimUnlessTaken({ ...claim, tenantId: make.name('other') }, clock.now())).toBeUndefined();
    });

    test('an expired claim is none, even a finished one', async () => {
      const { port, clock, claim, stored } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      await port.finishIfHeldBy(claim, 3);
      await clock.advance(DAY_MS - 1);
      expect(await stored()).toMatchObject({ leaseToken: 'holder-1' });
      await clock.advance(2);
      const next = { ...claim, leaseToken: 'holder-2', expiresAt: clock.now() + DAY_MS };
      expect(await port.claimUnlessTaken(next, clock.now())).toBeUndefined();
      expect(await stored()).toEqual(next);
    });

    test('the holder notes the answer that was given', async () => {
      const { port, clock, claim, stored } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      expect(await port.finishIfHeldBy(claim, 3)).toBe(true);
      expect(await stored()).toEqual({ ...claim, deliveries: 3 });
    });

    test('exactly one of 50 concurrent take-overs of a lease succeeds', async () => {
      const { port, clock, claim, stored } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      const answers = await concurrently((caller) =>
        port.takeOverIfHeldBy({ ...claim, leaseToken: `taker-${caller}` }, 'holder-1'),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await stored())?.leaseToken).toBe(`taker-${answers.indexOf(true)}`);
    });

    test('who lost the lease can neither finish the claim nor take it over', async () => {
      const { port, clock, claim, stored } = await openWithClaim();
      await port.claimUnlessTaken(claim, clock.now());
      const taker = { ...claim, leaseToken: 'taker', leaseUntil: clock.now() + 60_000 };
      await port.takeOverIfHeldBy(taker, 'holder-1');
      expect(await port.finishIfHeldBy(claim, 9)).toBe(false);
      expect(await port.takeOverIfHeldBy({ ...claim, leaseToken: 'late' }, 'holder-1')).toBe(false);
      expect(await stored()).toEqual(taker);
    });
  });
}
