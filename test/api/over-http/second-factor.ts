import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller, newPlatformKey, newTenant } from './caller.ts';
import type { Target } from './target.ts';
import { codeAt } from './totp.ts';

const STEP_MS = 30_000;

/** The second factor under the circumstances in which it is attacked. */
export function describeSecondFactor(name: string, start: () => Promise<Target>): void {
  describe(`the second factor, ${name}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    const createKey = (caller: Caller, code?: string) =>
      caller.send({
        method: 'POST',
        path: '/v1/api-keys',
        body: { name: 'x', scopes: ['events:read'] },
        ...(code !== undefined && { headers: { 'postrider-mfa': code } }),
      });
    const problemOf = async (answer: ReturnType<typeof createKey>) => JSON.parse((await answer).text).type;
    /** The code of the step after the one that has confirmed it: clocks may differ by one. */
    const nextCode = (secret: string) => codeAt(secret, target.now() + STEP_MS);
    const namesOf = async (caller: Caller) =>
      (await caller.make('GET', '/v1/api-keys')).data.map((key: { name: string }) => key.name);

    it('a code works once, also under 50 concurrent uses', async () => {
      const caller = await newTenant(target);
      const { secret } = await caller.enrol();
      const code = nextCode(secret);
      const answers = await Promise.all(Array.from({ length: 50 }, () => createKey(caller, code)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect(statuses.filter((status) => status === 403)).toHaveLength(49);
      expect((await namesOf(caller)).filter((key: string) => key === 'x')).toHaveLength(1);
      // Uses of a code that was right guess nothing: nobody is locked out.
      expect(await caller.make('GET', '/v1/mfa')).toMatchObject({ status: 'on', locked_until: null });
    });

    it('a recovery code works once, also under 50 concurrent uses', async () => {
      const caller = await newTenant(target);
      const { codes } = await caller.enrol();
      const [code = ''] = codes;
      const answers = await Promise.all(Array.from({ length: 50 }, () => createKey(caller, code)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(await caller.make('GET', '/v1/mfa')).toMatchObject({ recovery_codes_left: 9 });
    });

    it('five wrong codes, also of 50 at the same time, lock it for right ones too', async () => {
      const caller = await newTenant(target);
      const { secret } = await caller.enrol();
      const guesses = await Promise.all(Array.from({ length: 50 }, (_, n) => createKey(caller, `99999-${n}`)));
      const types = guesses.map(({ text }) => JSON.parse(text).type as string);
      expect(types.filter((type) => type === '/problems/second-factor-wrong')).toHaveLength(5);
      expect(types.filter((type) => type === '/problems/second-factor-locked')).toHaveLength(45);
      const refused = await createKey(caller, nextCode(secret));
      expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('second-factor-locked') });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
      const { locked_until: until } = await caller.make('GET', '/v1/mfa');
      expect(Date.parse(until) - target.now()).toBeLessThanOrEqual(15 * 60_000);
    });

    it('the code that confirmed it is used', async () => {
      const caller = await newTenant(target);
      const { secret } = await caller.make('POST', '/v1/mfa/enrol');
      const code = codeAt(secret, target.now());
      expect((await caller.make('POST', '/v1/mfa/confirm', { code })).recovery_codes).toHaveLength(10);
      expect(await problemOf(createKey(caller, code))).toBe('/problems/second-factor-wrong');
    });

    it('asks for nothing until it is confirmed, and can be enrolled again until then', async () => {
      const caller = await newTenant(target);
      const first = await caller.make('POST', '/v1/mfa/enrol');
      expect(await caller.make('GET', '/v1/mfa')).toMatchObject({ status: 'pending', recovery_codes_left: 0 });
      expect((await createKey(caller)).status).toBe(201);
      const second = await caller.make('POST', '/v1/mfa/enrol');
      const confirm = (secret: string) =>
        caller.send({ method: 'POST', path: '/v1/mfa/confirm', body: { code: codeAt(secret, target.now()) } });
      expect((await confirm(first.secret)).status).toBe(403);
      expect((await confirm(second.secret)).status).toBe(200);
      expect(await problemOf(createKey(caller))).toBe('/problems/second-factor-needed');
      expect((await caller.send({ method: 'POST', path: '/v1/mfa/enrol' })).status).toBe(409);
      expect((await confirm(second.secret)).status).toBe(409);
    });

    it('a key that has stepped up needs no code; another key of its tenant does', async () => {
      const caller = await newTenant(target);
      const same = new Caller(target, (await caller.make('POST', '/v1/api-keys', { name: 'same' })).secret);
      const { codes } = await caller.enrol();
      const { expires_at: end } = await caller.make('POST', '/v1/mfa/step-up', { code: codes[0] });
      expect(Date.parse(end) - target.now()).toBeGreaterThan(9 * 60_000);
      expect(Date.parse(end) - target.now()).toBeLessThanOrEqual(10 * 60_000);
      expect((await createKey(caller)).status).toBe(201);
      expect((await createKey(caller)).status).toBe(201);
      expect(await problemOf(createKey(same))).toBe('/problems/second-factor-needed');
    });

    it('new recovery codes replace the old ones', async () => {
      const caller = await newTenant(target);
      const { codes } = await caller.enrol();
      const header = { 'postrider-mfa': codes[0] as string };
      const { recovery_codes: fresh } = await caller.make('POST', '/v1/mfa/recovery-codes', undefined, header);
      expect(await problemOf(createKey(caller, codes[1]))).toBe('/problems/second-factor-wrong');
      expect((await createKey(caller, fresh[1])).status).toBe(201);
    });

    it('is gone when it is disabled, with all that was stepped up', async () => {
      const caller = await newTenant(target);
      const { codes } = await caller.enrol();
      await caller.make('POST', '/v1/mfa/step-up', { code: codes[0] });
      expect(await caller.make('POST', '/v1/mfa/disable')).toMatchObject({ status: 'off' });
      expect((await createKey(caller)).status).toBe(201);
      await caller.enrol();
      expect(await problemOf(createKey(caller))).toBe('/problems/second-factor-needed');
    });

    it('of a tenant is reset by the platform, which has lost nothing of its own', async () => {
      const [platform, caller] = [await newPlatformKey(target), await newTenant(target)];
      const { tenant_id: tenant } = await caller.make('POST', '/v1/endpoints', {
        url: 'https://example.com',
        events: ['*'],
      });
      await caller.enrol();
      await platform.make('POST', `/v1/tenants/${tenant}/reset-mfa`);
      expect(await caller.make('GET', '/v1/mfa')).toMatchObject({ status: 'off' });
      expect((await createKey(caller)).status).toBe(201);
    });

    it('of the platform is asked of platform keys, and of no tenant’s', async () => {
      const [platform, tenant] = [await newPlatformKey(target), await newTenant(target)];
      const { codes } = await platform.enrol();
      const refused = await createKey(platform);
      expect(refused.text).toContain('second-factor-needed');
      expect((await createKey(tenant)).status).toBe(201);
      expect((await createKey(platform, codes[0])).status).toBe(201);
      await platform.make('POST', '/v1/mfa/disable', undefined, { 'postrider-mfa': codes[1] as string });
    });
  });
}
