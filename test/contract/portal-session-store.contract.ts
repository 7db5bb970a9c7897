import { describe, expect, test } from 'vitest';
import type { PortalSession } from '../../lib/domain/portal-session.ts';
import type { PortalSessionStore, SessionOwner } from '../../lib/ports/portal-session-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const NOW = 1_000_000;
const LATER = NOW + 60_000;

export function describePortalSessionStore(name: string, open: Open<PortalSessionStore>): void {
  describe(`${name}: sessions of the console`, () => {
    async function opened() {
      const { port, make } = await openForTest(open);
      const sessionOf = (n: number, tenantId: SessionOwner = make.tenantId): PortalSession => ({
        id: `ses_${make.tenantId}_${n}`,
        ...(tenantId !== undefined && { tenantId }),
        user: 'ada',
        access: 'read',
        screens: ['history'],
        scopes: ['events:read'],
        theme: { accent: '#0a7d5c' },
        createdBy: 'key_1',
        createdAt: NOW,
        codeHash: make.name('code'),
        endsAt: LATER,
      });
      const session = sessionOf(1);
      await port.create(session);
      const opening = () => ({ tokenHash: make.name('token'), at: NOW + 1, endsAt: LATER + 1 });
      return { port, make, session, sessionOf, opening };
    }

    test('is found by its code, and by its token once it is opened; a hash of nothing finds nothing', async () => {
      const { port, make, session, opening } = await opened();
      expect(await port.find(session.codeHash)).toEqual(session);
      const { tokenHash, at, endsAt } = opening();
      expect(await port.find(tokenHash)).toBeUndefined();
      const live = await port.openOnce(make.tenantId, session.id, { tokenHash, at, endsAt });
      expect(live).toEqual({ ...session, openedAt: at, tokenHash, endsAt });
      for (const hash of [tokenHash, session.codeHash]) expect(await port.find(hash)).toEqual(live);
      expect(await port.find(make.name('hash'))).toBeUndefined();
    });

    test('of any number of exchanges at the same time, one opens it', async () => {
      const { port, make, session, opening } = await opened();
      const tries = await concurrently(async () => {
        const { tokenHash, ...rest } = opening();
        return { tokenHash, live: await port.openOnce(make.tenantId, session.id, { tokenHash, ...rest }) };
      });
      const won = tries.filter(({ live }) => live !== undefined);
      expect(won).toHaveLength(1);
      for (const { tokenHash, live } of tries) expect(await port.find(tokenHash)).toEqual(live);
    });

    test('is not opened after the end of its code, nor once it is revoked', async () => {
      const { port, make, sessionOf, session, opening } = await opened();
      const late = { ...opening(), at: session.endsAt };
      expect(await port.openOnce(make.tenantId, session.id, late)).toBeUndefined();
      const revoked = sessionOf(2);
      await port.create(revoked);
      await port.revoke(make.tenantId, revoked.id, NOW);
      expect(await port.openOnce(make.tenantId, revoked.id, opening())).toBeUndefined();
      expect(await port.openOnce(make.tenantId, 'ses_unknown', opening())).toBeUndefined();
    });

    test('is extended while it is live, and only then', async () => {
      const { port, make, session, opening } = await opened();
      const extend = (endsAt: number, now: number) => port.extendIfLive(make.tenantId, session.id, endsAt, now);
      expect(await extend(LATER * 2, NOW)).toBeUndefined();
      await port.openOnce(make.tenantId, session.id, opening());
      expect(await extend(LATER * 2, NOW + 2)).toMatchObject({ endsAt: LATER * 2, openedAt: NOW + 1 });
      expect(await extend(LATER * 3, LATER * 2)).toBeUndefined();
      await port.revoke(make.tenantId, session.id, NOW + 3);
      expect(await extend(LATER * 3, NOW + 4)).toBeUndefined();
      expect(await port.get(make.tenantId, session.id)).toMatchObject({ endsAt: NOW + 3, revokedAt: NOW + 3 });
    });

    test('once it is revoked, nobody opens or extends it who looked at the clock before', async () => {
      const { port, make, session, sessionOf, opening } = await opened();
      const unopened = sessionOf(2);
      await port.create(unopened);
      await port.openOnce(make.tenantId, session.id, opening());
      for (const { id } of [session, unopened]) await port.revoke(make.tenantId, id, NOW + 9);
      expect(await port.extendIfLive(make.tenantId, session.id, LATER * 2, NOW + 8)).toBeUndefined();
      expect(await port.openOnce(make.tenantId, unopened.id, { ...opening(), at: NOW + 8 })).toBeUndefined();
    });

    test('keeps the time of its first revocation, and ends no later than it had', async () => {
      const { port, make, session } = await opened();
      expect(await port.revoke(make.tenantId, session.id, NOW + 5)).toMatchObject({
        endsAt: NOW + 5,
        revokedAt: NOW + 5,
      });
      expect(await port.revoke(make.tenantId, session.id, NOW + 9)).toMatchObject({
        endsAt: NOW + 5,
        revokedAt: NOW + 5,
      });
      expect(await port.revoke(make.tenantId, 'ses_unknown', NOW)).toBeUndefined();
    });

    test('is its owner’s only', async () => {
      const { port, make, session, opening } = await opened();
      for (const other of [undefined, `${make.tenantId}#`, 'other']) {
        expect(await port.get(other, session.id)).toBeUndefined();
        expect(await port.revoke(other, session.id, NOW)).toBeUndefined();
        expect(await port.openOnce(other, session.id, opening())).toBeUndefined();
        expect(await port.extendIfLive(other, session.id, LATER, NOW)).toBeUndefined();
      }
      expect(await port.get(make.tenantId, session.id)).toEqual(session);
    });

    test('are counted by owner, from an id on, as far as they are to be', async () => {
      const { port, make, session, sessionOf } = await opened();
      for (const n of [2, 3]) await port.create(sessionOf(n));
      expect(await port.countFrom(make.tenantId, session.id, 10)).toBe(3);
      expect(await port.countFrom(make.tenantId, sessionOf(2).id, 10)).toBe(2);
      expect(await port.countFrom(make.tenantId, session.id, 2)).toBe(2);
      expect(await port.countFrom(`${make.tenantId}#`, session.id, 10)).toBe(0);
    });

    test('pages have the sessions of one owner, newest first, the platform’s apart', async () => {
      const { port, make, session, sessionOf } = await opened();
      const { tenantId: _, ...ofPlatform } = sessionOf(9);
      for (const one of [sessionOf(3), sessionOf(2), ofPlatform]) await port.create(one);
      const idsOf = async (owner: SessionOwner, before: string | undefined, limit: number) =>
        (await port.page(owner, before, limit)).map(({ id }) => id);
      const [three, two] = [sessionOf(3).id, sessionOf(2).id];
      expect(await idsOf(make.tenantId, undefined, 2)).toEqual([three, two]);
      expect(await idsOf(make.tenantId, two, 2)).toEqual([session.id]);
      expect(await idsOf(undefined, undefined, 1000)).toContain(ofPlatform.id);
      expect(await idsOf(undefined, undefined, 1000)).not.toContain(two);
    });
  });
}
