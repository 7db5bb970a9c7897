import { afterEach, describe, expect, it } from 'vitest';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { ACME_KEY, ApiFixture, READER_KEY } from '../fixture.ts';
import { codeAt } from '../over-http/totp.ts';

const MINUTE = 60_000;

let fixture: ApiFixture;
afterEach(() => fixture.close());

async function enrol(key = ACME_KEY): Promise<{ secret: string; codes: string[] }> {
  const { secret } = await fixture.succeed('mfa.enrol', { key });
  const body = { code: codeAt(secret, fixture.clock.now()) };
  return { secret, codes: (await fixture.succeed('mfa.confirm', { key, body })).recovery_codes };
}

const createKey = (code?: string) => ({
  key: ACME_KEY,
  body: { name: 'x' },
  ...(code !== undefined && { headers: { 'postrider-mfa': code } }),
});

describe('a deployment that requires a second factor', () => {
  const open = async () => {
    fixture = await ApiFixture.open({ settings: { requireMfa: true } });
  };

  it('refuses every sensitive call to a key whose owner has none, and says where to enrol', async () => {
    await open();
    const refused = await fixture.refused('api-keys.create', createKey());
    expect(refused).toMatchObject({ status: 403, type: '/problems/second-factor-not-enrolled' });
    expect(refused.detail).toContain('/v1/mfa/enrol');
    expect(await fixture.succeed('mfa.get', { key: ACME_KEY })).toMatchObject({ status: 'off', required: true });
  });

  it('lets it through with a code, once it has enrolled', async () => {
    await open();
    const { codes } = await enrol();
    await fixture.succeed('api-keys.create', createKey(codes[0]));
  });

  it('is refused to nobody else', async () => {
    await open();
    await fixture.succeed('endpoints.create', { key: ACME_KEY, body: { url: 'https://a.example', events: ['*'] } });
  });
});

describe('the second factor', () => {
  it('asks again ten minutes after a step-up', async () => {
    fixture = await ApiFixture.open();
    const { codes } = await enrol();
    await fixture.succeed('mfa.step-up', { key: ACME_KEY, body: { code: codes[0] } });
    await fixture.clock.advance(10 * MINUTE - 1);
    await fixture.succeed('api-keys.create', createKey());
    await fixture.clock.advance(1);
    expect((await fixture.refused('api-keys.create', createKey())).type).toBe('/problems/second-factor-needed');
  });

  it('is open again 15 minutes after five wrong codes', async () => {
    fixture = await ApiFixture.open();
    const { secret } = await enrol();
    const type = async (code: string) => (await fixture.refused('api-keys.create', createKey(code))).type;
    for (let n = 0; n < 5; n += 1) expect(await type('000000')).toBe('/problems/second-factor-wrong');
    const right = () => codeAt(secret, fixture.clock.now());
    await fixture.clock.advance(15 * MINUTE - 1);
    expect(await type(right())).toBe('/problems/second-factor-locked');
    await fixture.clock.advance(1);
    await fixture.succeed('api-keys.create', createKey(right()));
  });

  it('accepts the codes of its own step and of those beside it, and not the same one twice', async () => {
    fixture = await ApiFixture.open();
    const { secret } = await enrol();
    await fixture.clock.advance(5 * MINUTE);
    const start = fixture.clock.now();
    await fixture.succeed('api-keys.create', createKey(codeAt(secret, start - 30_000)));
    await fixture.succeed('api-keys.create', createKey(codeAt(secret, start + 30_000)));
    const refused = await fixture.refused('api-keys.create', createKey(codeAt(secret, start + 30_000)));
    expect(refused.type).toBe('/problems/second-factor-wrong');
  });

  it('spends no code on a request that is refused for what it says', async () => {
    fixture = await ApiFixture.open();
    const { codes } = await enrol();
    const bad = { ...createKey(codes[0]), body: { name: '' } };
    expect((await fixture.refused('api-keys.create', bad)).status).toBe(422);
    await fixture.succeed('api-keys.create', createKey(codes[0]));
  });

  it('is managed only by keys that may', async () => {
    fixture = await ApiFixture.open();
    for (const { id } of routes.filter((route) => route.id.startsWith('mfa.'))) {
      const refused = await fixture.refused(id as RouteId, { key: READER_KEY });
      expect([id, refused.type]).toEqual([id, '/problems/missing-scope']);
    }
  });

  it.each([{}, { code: '' }, { code: 123456 }, { code: 'x'.repeat(65) }, { code: '1', secret: 'mine' }])(
    'refuses the body %j',
    async (body) => {
      fixture = await ApiFixture.open();
      for (const id of ['mfa.confirm', 'mfa.step-up'] as const) {
        expect((await fixture.refused(id, { key: ACME_KEY, body })).status).toBe(422);
      }
    },
  );

  it('that is not there confirms and steps up nothing', async () => {
    fixture = await ApiFixture.open();
    for (const id of ['mfa.confirm', 'mfa.step-up'] as const) {
      const refused = await fixture.refused(id, { key: ACME_KEY, body: { code: '123456' } });
      expect([id, refused.type]).toEqual([id, '/problems/second-factor-not-enrolled']);
    }
    await fixture.succeed('mfa.enrol', { key: ACME_KEY });
    const early = await fixture.refused('mfa.step-up', { key: ACME_KEY, body: { code: '123456' } });
    expect(early.type).toBe('/problems/wrong-state');
  });

  it('is marked on every call that makes or ends keys or secrets, sends again or deletes what was sent, or changes the factor itself', () => {
    const sensitive = routes.filter(({ secondFactor }) => secondFactor).map(({ id }) => id);
    expect(sensitive.toSorted()).toEqual([
      'api-keys.create',
      'api-keys.revoke',
      'api-keys.rotate',
      'deliveries.bulk-retry',
      'deliveries.retry',
      'endpoints.delete',
      'endpoints.replay',
      'endpoints.revoke',
      'endpoints.rotate-secret',
      'endpoints.test',
      'events.delete-payload',
      'events.replay',
      'mfa.disable',
      'mfa.recovery-codes',
      'ops.redrive',
      'tenants.erase',
      'tenants.reseal',
      'tenants.reset-mfa',
      'ventryx.delete',
      'veriswarm.retry',
      'veriswarm.revoke',
      'veriswarm.rotate-secret',
      'veriswarm.test',
    ]);
  });
});
