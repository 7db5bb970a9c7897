import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashApiKey, newApiKey } from '../../../lib/api/auth/api-key.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { ApiKeyStore } from '../../../lib/ports/api-key-store.ts';
import { ACME_KEY, ApiFixture, PLATFORM_KEY, READER_KEY } from '../fixture.ts';

const ENDPOINT = { url: 'https://example.com/hooks', events: ['*'] };

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

it('answers a missing, a malformed and an unknown key alike, and names the scheme', async () => {
  const missing = await fixture.refused('events.list', { key: null });
  const unknown = await fixture.refused('events.list', { key: 'prk_unknown' });
  const malformed = await fixture.refused('events.list', { key: null, headers: { authorization: 'Basic cHJr' } });
  expect(missing).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  expect(missing.detail).toContain('send `Authorization: Bearer prk_…`');
  expect([unknown, malformed]).toEqual([missing, missing]);
});

it('checks the key before it reads the body', async () => {
  expect(await fixture.refused('events.post', { key: null, body: 'no JSON' })).toMatchObject({ status: 401 });
});

it('takes the scheme in any case', async () => {
  await fixture.succeed('events.list', { key: null, headers: { authorization: `bearer ${ACME_KEY}` } });
});

it('refuses a key without the scope and names the scope', async () => {
  const problem = await fixture.refused('endpoints.list', { key: READER_KEY });
  expect(problem).toMatchObject({ status: 403, detail: expect.stringContaining('`endpoints:read`') });
  await fixture.succeed('events.list', { key: READER_KEY });
});

it('serves a tenant’s key its own tenant only', async () => {
  const own = await fixture.succeed('endpoints.create', { key: ACME_KEY, body: ENDPOINT });
  expect(own.tenant_id).toBe('acme');
  await fixture.succeed('endpoints.list', { key: ACME_KEY, headers: { 'postrider-tenant': 'acme' } });
  const problem = await fixture.refused('endpoints.list', { key: ACME_KEY, headers: { 'postrider-tenant': 'other' } });
  expect(problem).toMatchObject({ status: 403, type: '/problems/other-tenant' });
});

it('serves a platform’s key the tenant that the header names, or the default one', async () => {
  const named = { headers: { 'postrider-tenant': 'org_1.a:b-c' } };
  const theirs = await fixture.succeed('endpoints.create', { ...named, body: ENDPOINT });
  const ours = await fixture.succeed('endpoints.create', { body: ENDPOINT });
  expect([theirs.tenant_id, ours.tenant_id]).toEqual(['org_1.a:b-c', 'default']);
});

it('answers another tenant’s id like an unknown one', async () => {
  const { id } = await fixture.succeed('endpoints.create', { key: ACME_KEY, body: ENDPOINT });
  const others = await fixture.refused('endpoints.get', { key: PLATFORM_KEY, params: { id } });
  const unknown = await fixture.refused('endpoints.get', { params: { id: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB' } });
  expect(others).toEqual(unknown);
});

it.each([
  ['user@example.com', 'user@example.com'],
  ['org|123', 'org|123'],
  ['a#b/c d', 'a#b/c d'],
  ['m%C3%BCller', 'müller'],
  ['%F0%9F%9A%80', '🚀'],
  ['100%25', '100%'],
])('takes the header %j as the tenant %j', async (header, tenant) => {
  const headers = { 'postrider-tenant': header };
  expect((await fixture.succeed('endpoints.create', { headers, body: ENDPOINT })).tenant_id).toBe(tenant);
});

it.each(['', '100%', '%FF', '%C3', 'é', '%00', 'a%0Ab', '%E2%80%A8', 'x'.repeat(129), '%C3%BC'.repeat(129)])(
  'refuses the tenant %j in the header',
  async (tenant) => {
    const problem = await fixture.refused('events.list', { headers: { 'postrider-tenant': tenant } });
    expect(problem).toMatchObject({ status: 400, type: '/problems/invalid-tenant' });
    expect(problem.detail).toContain('`Postrider-Tenant` must be');
  },
);

it.each(['', 'a\0', 'a\nb', '\u2028', '\ud800', 'x'.repeat(129)])(
  'refuses the tenant %j in a path and in a query as in the header',
  async (tenant) => {
    const inPath = await fixture.refused('tenants.get', { params: { id: tenant } });
    const inQuery = await fixture.refused('brake.set', { query: { tenant_id: tenant } });
    const refused = {
      status: 400,
      type: '/problems/invalid-tenant',
      detail: expect.stringContaining('must be 1 to 128'),
    };
    expect([inPath, inQuery]).toEqual([expect.objectContaining(refused), expect.objectContaining(refused)]);
  },
);

it('reads no key for public routes', async () => {
  expect(await fixture.succeed('account.health', { key: null })).toEqual({ status: 'ok' });
});

it('asks for the key again at each request, so that a revoked one stops at once', async () => {
  const list = () => fixture.call('events.list', { key: ACME_KEY });
  expect((await list()).status).toBe(200);
  await fixture.store.apiKeys.revoke('acme', `key_${ACME_KEY}`, fixture.clock.now());
  expect((await list()).status).toBe(401);
});

it('refuses a key from the moment at which it expires', async () => {
  await fixture.addKey('prk_short', { tenantId: 'acme', expiresAt: fixture.clock.now() + 1000 });
  const list = () => fixture.call('events.list', { key: 'prk_short' });
  await fixture.clock.advance(999);
  expect((await list()).status).toBe(200);
  await fixture.clock.advance(1);
  expect((await list()).status).toBe(401);
});

it('looks no mistyped key up', async () => {
  const asked: string[] = [];
  const { apiKeys } = fixture.store;
  const counting = new ApiFixture({
    ports: {
      apiKeys: Object.assign(Object.create(apiKeys) as ApiKeyStore, {
        find: async (hash: string) => void asked.push(hash),
      }),
    },
  });
  const good = newApiKey(new Uint8Array(32).fill(7));
  const list = (key: string) => counting.call('events.list', { key });
  expect((await list(good.slice(0, -1) + (good.endsWith('a') ? 'b' : 'a'))).status).toBe(401);
  expect(asked).toEqual([]);
  expect((await list(good)).status).toBe(401);
  expect(asked).toEqual([hashApiKey(good)]);
  counting.close();
});

it('notes the use of a key at most once an hour, and lets it in when that fails', async () => {
  const noted: number[] = [];
  const { apiKeys } = fixture.store;
  const noteUse: ApiKeyStore['noteUse'] = async (hash, at, since) => {
    noted.push(at);
    await apiKeys.noteUse(hash, at, since);
  };
  const counting = new ApiFixture({
    ports: { apiKeys: { find: (hash) => apiKeys.find(hash), noteUse } as ApiKeyStore, clock: fixture.clock },
  });
  const list = () => counting.call('events.list', { key: ACME_KEY });
  const start = fixture.clock.now();
  await list();
  await fixture.clock.advance(3_600_000);
  await list();
  expect(noted).toEqual([start]);
  await fixture.clock.advance(1);
  await list();
  expect(noted).toEqual([start, start + 3_600_001]);
  counting.close();

  const failing = new ApiFixture({
    ports: {
      apiKeys: {
        find: (hash) => apiKeys.find(hash),
        noteUse: () => Promise.reject(new ServiceFault('throttled')),
      } as Partial<ApiKeyStore> as ApiKeyStore,
      clock: fixture.clock,
    },
  });
  await fixture.clock.advance(7_200_000);
  expect((await failing.call('events.list', { key: ACME_KEY })).status).toBe(200);
  expect(failing.lines).toMatchObject([{ level: 'warn', event: 'api.key-use-unnoted' }]);
  failing.close();
});

it('stores and looks up keys by their SHA-256 only', () => {
  expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
