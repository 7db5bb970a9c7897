import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME_KEY, ApiFixture, PLATFORM_KEY, READER_KEY } from '../fixture.ts';
import { firstUlidAt } from '../../../lib/domain/ids.ts';
import { codeAt } from '../over-http/totp.ts';

const ACME = { 'postrider-tenant': 'acme' };
const HOUR = 3_600_000;

interface Made {
  id: string;
  secret: string;
}

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const create = (body: object = {}, key = ACME_KEY, query = {}) =>
  fixture.succeed('portal.create', { key, query, body: { user: 'ada', ...body } });
const exchange = (code: string) => fixture.succeed('portal.exchange', { key: code });
const opened = async (body: object = {}) => (await exchange((await create(body)).code)).token as string;
const statusWith = async (key: string) => (await fixture.call('portal.current', { key })).status;
const timeIn = (ms: number) => new Date(fixture.clock.now() + ms).toISOString();

describe('a link', () => {
  it('shows its code once, and where it leads only if the deployment knows', async () => {
    const { code, url, code_expires_at, ...session } = await create({ screens: ['history'] });
    expect(code).toMatch(/^prc_[0-9A-Za-z]{49}$/);
    expect([url, code_expires_at]).toEqual([null, timeIn(60_000)]);
    expect(session).toMatchObject({ tenant_id: 'acme', status: 'unopened', access: 'read', opened_at: null });
    expect(await fixture.succeed('portal.get', { key: ACME_KEY, params: { id: session.id } })).toEqual(session);
  });

  it('leads to the console, with its code in the fragment', async () => {
    fixture.close();
    fixture = await ApiFixture.open({ settings: { consoleUrl: () => 'https://hooks.example.com/' } });
    const { code, url } = await create();
    expect(url).toBe(`https://hooks.example.com/#code=${code}`);
  });

  it('is good for a minute, and once', async () => {
    const [late, used] = [await create(), await create()];
    expect((await exchange(used.code)).token).toMatch(/^prs_[0-9A-Za-z]{49}$/);
    expect((await fixture.refused('portal.exchange', { key: used.code })).status).toBe(401);
    await fixture.clock.advance(60_000);
    expect((await fixture.refused('portal.exchange', { key: late.code })).status).toBe(401);
  });

  it('opens nothing but its session: its code is no key', async () => {
    const { code } = await create({ access: 'manage' });
    expect((await fixture.refused('endpoints.list', { key: code })).type).toBe('/problems/missing-scope');
    expect((await fixture.refused('portal.exchange', { key: PLATFORM_KEY.replace('prk', 'prs') })).status).toBe(401);
  });

  it.each(['Inter, system-ui', `"Source Sans 3",Georgia, serif`, "'A B', -apple-system"])(
    'takes the fonts %s',
    async (font) => {
      expect((await create({ theme: { font } })).theme.font).toBe(font);
    },
  );

  it('is one of a hundred in a minute, by owner', async () => {
    for (let n = 0; n < 100; n += 1) await create();
    const { status } = await fixture.refused('portal.create', { key: ACME_KEY, body: { user: 'ada' } });
    expect(status).toBe(429);
    await fixture.succeed('portal.create', { headers: { 'postrider-tenant': 'other' }, body: { user: 'ada' } });
    await fixture.clock.advance(60_001);
    await create();
  });

  it('that was revoked before it is opened stays shut', async () => {
    const { code, id } = await create();
    await fixture.succeed('portal.revoke', { key: ACME_KEY, params: { id } });
    expect((await fixture.refused('portal.exchange', { key: code })).status).toBe(401);
  });

  it.each([
    [{ user: '' }, 'user'],
    [{ access: 'own' }, 'access'],
    [{ screens: [] }, 'screens'],
    [{ screens: ['history', 'history'] }, 'screens'],
    [{ screens: ['overview'] }, 'screens'],
    [{ theme: { accent: 'red' } }, 'theme.accent'],
    [{ theme: { radius: 99 } }, 'theme.radius'],
    [{ theme: { font: 'x;}body{display:none' } }, 'theme.font'],
    [{ theme: { font: "Inter', sans-serif" } }, 'theme.font'],
    [{ theme: { logo: 'https://example.com/logo.png' } }, 'theme.logo'],
    [{ theme: { logo: `data:image/png;base64,${'A'.repeat(8192)}` } }, 'theme.logo'],
    [{ theme: { css: 'x' } }, 'theme.css'],
  ])('is refused with %j, and says where', async (body, field) => {
    const { status, errors } = await fixture.refused('portal.create', {
      key: ACME_KEY,
      body: { user: 'ada', ...body },
    });
    expect([status, errors?.[0]?.field]).toEqual([422, field]);
  });
});

describe('the sessions of one person', () => {
  const revokeAll = (user: string, more: object = {}) =>
    fixture.succeed('portal.revoke-of-user', { key: ACME_KEY, body: { user }, ...more });

  /** So many sessions of somebody else, like the one of a token, that one call does not look through them. */
  async function addOthers(token: string): Promise<void> {
    const { id, tenant_id } = await fixture.succeed('portal.current', { key: token });
    const stored = await fixture.store.sessions.get(tenant_id ?? undefined, id);
    if (!stored) throw new Error('The session is not there.');
    for (let nth = 0; nth < 520; nth += 1) {
      const other = `ses_${firstUlidAt(fixture.clock.now()).slice(0, 20)}${String(nth).padStart(6, '0')}`;
      const hashes = { codeHash: `code-${nth}`, tokenHash: `token-${nth}` };
      await fixture.store.sessions.create({ ...stored, id: other, user: 'bob', ...hashes });
    }
  }

  it('end all at once, with the links that nobody opened; those of others go on', async () => {
    const [one, two, other] = [
      await opened({ user: 'eve' }),
      await opened({ user: 'eve' }),
      await opened({ user: 'bob' }),
    ];
    const { code } = await create({ user: 'eve' });
    expect(await revokeAll('eve')).toEqual({ revoked: 3, next_cursor: null });
    for (const key of [one, two]) expect((await fixture.refused('portal.current', { key })).status).toBe(401);
    expect((await fixture.refused('portal.exchange', { key: code })).status).toBe(401);
    await fixture.succeed('portal.current', { key: other });
    expect(await revokeAll('eve')).toEqual({ revoked: 0, next_cursor: null });
  });

  it('end in calls of 500 where there are more, until none is left', async () => {
    const token = await opened({ user: 'eve' });
    await fixture.clock.advance(1000);
    await addOthers(token);
    const first = await revokeAll('eve');
    expect(first).toEqual({ revoked: 0, next_cursor: expect.any(String) });
    expect(await revokeAll('eve', { query: { cursor: first.next_cursor } })).toEqual({ revoked: 1, next_cursor: null });
    expect((await fixture.refused('portal.current', { key: token })).status).toBe(401);
    const refused = await fixture.refused('portal.revoke-of-user', {
      key: ACME_KEY,
      body: { user: 'bob' },
      query: { cursor: first.next_cursor },
    });
    expect(refused.status).toBe(400);
  });

  it('end also when one of them asks: that one last, so that it can ask again where there are more', async () => {
    const query = { platform: 'true' };
    const operator = async () =>
      (await exchange((await create({ access: 'manage' }, PLATFORM_KEY, query)).code)).token as string;
    const older = await operator();
    await fixture.clock.advance(1000);
    await addOthers(older);
    await fixture.clock.advance(61_000);
    const key = await operator();
    const ask = (cursor?: string) =>
      fixture.succeed('portal.revoke-of-user', {
        key,
        query: { ...query, ...(cursor !== undefined && { cursor }) },
        body: { user: 'ada' },
      });
    const first = await ask();
    expect(first).toEqual({ revoked: 0, next_cursor: expect.any(String) });
    expect(await ask(first.next_cursor)).toEqual({ revoked: 2, next_cursor: null });
    for (const ended of [older, key]) expect(await statusWith(ended)).toBe(401);
  });

  it('end by a session of somebody else, which goes on', async () => {
    const query = { platform: 'true' };
    const { token: key } = await exchange((await create({ access: 'manage' }, PLATFORM_KEY, query)).code);
    const eve = await exchange((await create({ user: 'eve' }, PLATFORM_KEY, query)).code);
    const body = { user: 'eve' };
    expect(await fixture.succeed('portal.revoke-of-user', { key, query, body })).toMatchObject({ revoked: 1 });
    expect([await statusWith(eve.token), await statusWith(key)]).toEqual([401, 200]);
  });

  it('end with a line in the audit log that says whose they were, and who ended them', async () => {
    await opened({ user: 'eve' });
    await revokeAll('eve');
    const { data } = await fixture.succeed('audit-log.list', {
      key: ACME_KEY,
      query: { action: 'portal.revoke-of-user' },
    });
    expect(data).toMatchObject([{ target: 'eve', key_id: `key_${ACME_KEY}`, outcome: 'done' }]);
  });

  it('end for the owner of the key only, and by no session', async () => {
    const token = await opened({ user: 'eve' });
    expect(await fixture.succeed('portal.revoke-of-user', { body: { user: 'eve' } })).toMatchObject({ revoked: 0 });
    await fixture.succeed('portal.current', { key: token });
    expect((await fixture.refused('portal.revoke-of-user', { key: token, body: { user: 'eve' } })).status).toBe(403);
  });
});

describe('a session', () => {
  it('lasts an hour, and as long as it is extended, but no longer than twelve', async () => {
    const token = await opened();
    const { id } = await fixture.succeed('portal.current', { key: token });
    const extend = () => fixture.call('portal.extend', { key: ACME_KEY, params: { id } });
    await fixture.clock.advance(HOUR - 1);
    expect(await statusWith(token)).toBe(200);
    for (let hours = 1; hours < 12; hours += 1) {
      expect((await extend()).status).toBe(200);
      await fixture.clock.advance(HOUR - 1);
      expect(await statusWith(token)).toBe(200);
    }
    await extend();
    await fixture.clock.advance(12);
    expect(await statusWith(token)).toBe(401);
    expect((await extend()).status).toBe(409);
  });

  it('ends with the key that made it, its unopened links too, but not when that key is only rotated', async () => {
    const newKey = async () =>
      (await fixture.succeed('api-keys.create', { key: ACME_KEY, body: { name: 'x' } })) as Made;
    const [leaked, rotated] = [await newKey(), await newKey()];
    const openedBy = async ({ secret }: Made) => (await exchange((await create({}, secret)).code)).token as string;
    const [ended, stays] = [await openedBy(leaked), await openedBy(rotated)];
    const { code } = await create({}, leaked.secret);
    await fixture.succeed('api-keys.revoke', { key: ACME_KEY, params: { id: leaked.id } });
    await fixture.succeed('api-keys.rotate', {
      key: ACME_KEY,
      params: { id: rotated.id },
      body: { overlap_seconds: 0 },
    });
    expect([await statusWith(ended), await statusWith(stays)]).toEqual([401, 200]);
    expect((await fixture.refused('portal.exchange', { key: code })).status).toBe(401);
  });

  it('that an operator’s session has made ends with the key behind both', async () => {
    const key = { platform: 'true' };
    const made = await fixture.succeed('api-keys.create', { query: key, body: { name: 'x' } });
    const { code } = await create({ access: 'manage' }, made.secret, key);
    const { token } = await exchange(code);
    const link = await fixture.succeed('portal.create', { key: token, headers: ACME, body: { user: 'ada' } });
    const { token: ofTenant } = await exchange(link.code);
    expect(await statusWith(ofTenant)).toBe(200);
    await fixture.succeed('api-keys.revoke', { query: key, params: { id: made.id } });
    expect([await statusWith(token), await statusWith(ofTenant)]).toEqual([401, 401]);
  });

  it('of an operator goes on by no session: neither by itself nor by another one', async () => {
    const query = { platform: 'true' };
    const { id, code } = await create({ access: 'manage' }, PLATFORM_KEY, query);
    const { token: key } = await exchange(code);
    const calls = [
      await fixture.refused('portal.extend', { key, query, params: { id } }),
      await fixture.refused('portal.create', { key, query, body: { user: 'op' } }),
    ];
    expect(calls.map(({ type }) => type)).toEqual(Array(2).fill('/problems/platform-key-needed'));
    await fixture.succeed('portal.extend', { query, params: { id } });
  });

  it('may do what its screens need, and no more than its maker', async () => {
    const scopesOf = async (body: object, key = ACME_KEY, query = {}) => (await create(body, key, query)).scopes;
    const own = ['mfa:use', 'portal:use'];
    expect(await scopesOf({ screens: ['audit'] })).toEqual(['audit:read', ...own]);
    expect(await scopesOf({ screens: ['api-keys'], access: 'manage' })).toEqual(['keys:read', 'keys:write', ...own]);
    const all = await scopesOf({ access: 'manage' });
    for (const beyond of ['events:write', 'event-types:write', 'portal:write', 'portal:read', 'tenants:read']) {
      expect(all).not.toContain(beyond);
    }
    const weak = await fixture.succeed('api-keys.create', {
      key: ACME_KEY,
      body: { name: 'x', scopes: ['portal:write', 'events:read'] },
    });
    expect(await scopesOf({ access: 'manage' }, weak.secret)).toEqual(['events:read', ...own]);
    const operator = await scopesOf({}, PLATFORM_KEY, { platform: 'true' });
    expect(operator).toContain('tenants:read');
    expect(operator.filter((scope: string) => scope.endsWith(':write'))).toEqual([]);
  });

  it('needs a key with the scope, and for an operator a platform’s', async () => {
    const body = { user: 'eve' };
    expect((await fixture.refused('portal.create', { key: READER_KEY, body })).type).toBe('/problems/missing-scope');
    const query = { platform: 'true' };
    const refused = await fixture.refused('portal.create', { key: ACME_KEY, query, body });
    expect(refused.type).toBe('/problems/platform-key-needed');
  });

  it('steps up by itself, with the second factor of its tenant', async () => {
    const [token, other] = [await opened({ access: 'manage' }), await opened({ access: 'manage' })];
    const { secret } = await fixture.succeed('mfa.enrol', { key: ACME_KEY });
    const first = { code: codeAt(secret, fixture.clock.now()) };
    const { recovery_codes: codes } = await fixture.succeed('mfa.confirm', { key: ACME_KEY, body: first });
    const body = { name: 'x', scopes: ['keys:read'] };
    expect((await fixture.refused('api-keys.create', { key: token, body })).type).toMatch(/second-factor-needed$/);
    await fixture.succeed('mfa.step-up', { key: token, body: { code: codes[0] } });
    await fixture.succeed('api-keys.create', { key: token, body });
    for (const key of [other, ACME_KEY]) {
      expect((await fixture.refused('api-keys.create', { key, body })).type).toMatch(/second-factor-needed$/);
    }
  });

  it('is listed newest first with those of its owner, page by page', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) {
      ids.unshift((await create()).id);
      await fixture.clock.advance(1);
    }
    await create({}, PLATFORM_KEY, { platform: 'true' });
    const list = (query: Record<string, string>) => fixture.succeed('portal.list', { key: ACME_KEY, query });
    const first = await list({ limit: '2' });
    const rest = await list({ limit: '2', cursor: first.next_cursor });
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    const { data } = await fixture.succeed('portal.list', { headers: ACME });
    expect(data).toHaveLength(3);
  });
});
