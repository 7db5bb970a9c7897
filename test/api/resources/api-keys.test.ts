import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCOPES, TENANT_SCOPES } from '../../../lib/api/auth/scopes.ts';
import { ACME_KEY, ApiFixture, PLATFORM_KEY } from '../fixture.ts';

const ACME = { 'postrider-tenant': 'acme' };
const DAY = 86_400_000;

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const create = (body: object = {}, key = PLATFORM_KEY, query = {}) =>
  fixture.succeed('api-keys.create', {
    key,
    query,
    body: { name: 'CI', ...body },
    ...(key === PLATFORM_KEY && !('platform' in query) && { headers: ACME }),
  });
const statusWith = async (key: string) => (await fixture.call('events.list', { key })).status;
const timeIn = (ms: number) => new Date(fixture.clock.now() + ms).toISOString();

describe('a new key', () => {
  it('is shown once, and opens what it was created for', async () => {
    const { secret, ...made } = await create({ scopes: ['events:read'] });
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      tenant_id: 'acme',
      name: 'CI',
      prefix: secret.slice(0, 12),
      scopes: ['events:read'],
      status: 'live',
      created_at: timeIn(0),
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
    });
    const params = { id: made.id };
    expect(await fixture.succeed('api-keys.get', { headers: ACME, params })).toEqual(made);
    expect(await statusWith(secret)).toBe(200);
    expect((await fixture.refused('endpoints.list', { key: secret })).type).toBe('/problems/missing-scope');
    const used = await fixture.succeed('api-keys.get', { headers: ACME, params });
    expect(used).toEqual({ ...made, last_used_at: timeIn(0) });
  });

  it('of a tenant may do all that a tenant can, of the platform everything, when nothing else is asked for', async () => {
    expect((await create()).scopes).toEqual(TENANT_SCOPES);
    const ofPlatform = await create({}, PLATFORM_KEY, { platform: 'true' });
    expect(ofPlatform).toMatchObject({ scopes: SCOPES, tenant_id: null });
    await fixture.succeed('tenants.list', { key: ofPlatform.secret });
  });

  it('can be made by a tenant for itself, and for nobody else', async () => {
    expect((await create({}, ACME_KEY)).tenant_id).toBe('acme');
    const body = { name: 'x' };
    const other = await fixture.refused('api-keys.create', {
      key: ACME_KEY,
      headers: { 'postrider-tenant': 'b' },
      body,
    });
    expect(other.type).toBe('/problems/other-tenant');
    const platform = await fixture.refused('api-keys.create', { key: ACME_KEY, query: { platform: 'true' }, body });
    expect(platform).toMatchObject({ status: 403, type: '/problems/platform-key-needed' });
  });

  it('may never do more than the key that made it', async () => {
    const maker = (await create({ scopes: ['keys:write', 'events:read'] })).secret;
    expect((await create({}, maker)).scopes).toEqual(['events:read', 'keys:write']);
    const beyond = { key: maker, body: { name: 'x', scopes: ['events:read', 'endpoints:write'] } };
    expect(await fixture.refused('api-keys.create', beyond)).toMatchObject({
      status: 403,
      type: '/problems/missing-scope',
      detail: expect.stringContaining('`endpoints:write`'),
    });
  });

  it('of a tenant can’t have the platform’s scopes, whoever asks', async () => {
    const body = { name: 'x', scopes: ['tenants:write'] };
    const refused = await fixture.refused('api-keys.create', { headers: ACME, body });
    expect(refused).toMatchObject({ status: 422, errors: [{ field: 'scopes' }] });
  });

  it('is good until it expires', async () => {
    const { secret, id, expires_at } = await create({ expires_at: timeIn(1000) });
    expect(expires_at).toBe(timeIn(1000));
    expect(await statusWith(secret)).toBe(200);
    await fixture.clock.advance(1000);
    expect(await statusWith(secret)).toBe(401);
    expect(await fixture.succeed('api-keys.get', { headers: ACME, params: { id } })).toMatchObject({
      status: 'expired',
    });
  });

  it.each([
    {},
    { name: '' },
    { name: 'x'.repeat(101) },
    { name: 'a\u0000' },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['events'] },
    { name: 'x', scopes: 'events:read' },
    { name: 'x', expires_at: '2020-01-01T00:00:00Z' },
    { name: 'x', expires_at: 'tomorrow' },
    { name: 'x', secret: 'prk_mine' },
  ])('is refused as %j, and nothing is stored', async (body) => {
    expect((await fixture.refused('api-keys.create', { body })).status).toBe(422);
    expect((await fixture.succeed('api-keys.list')).data).toEqual([]);
  });
});

describe('the list of keys', () => {
  it('has the tenant’s own, oldest first, page by page, and never a key', async () => {
    const made = [];
    for (const name of ['a', 'b', 'c']) {
      made.push(await create({ name }, PLATFORM_KEY));
      await fixture.clock.advance(1);
    }
    const first = await fixture.succeed('api-keys.list', { headers: ACME, query: { limit: '2' } });
    // Those of the fixture come last: their ids are not ULIDs.
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 2).map(({ id }) => id));
    const query = { limit: '200', cursor: first.next_cursor };
    const rest = await fixture.succeed('api-keys.list', { headers: ACME, query });
    expect(rest.data[0]).toMatchObject({ id: made[2].id, name: 'c' });
    for (const { secret } of made) expect(JSON.stringify([first, rest])).not.toContain(secret);
  });

  it('of another tenant, or of the platform, is not shown', async () => {
    const other = await fixture.succeed('api-keys.create', {
      headers: { 'postrider-tenant': 'b' },
      body: { name: 'b' },
    });
    const idsOf = async (call: object) =>
      (await fixture.succeed('api-keys.list', call)).data.map(({ id }: { id: string }) => id);
    expect(await idsOf({ key: ACME_KEY })).not.toContain(other.id);
    expect(await idsOf({ query: { platform: 'true' } })).toEqual([`key_${PLATFORM_KEY}`]);
    await fixture.refused('api-keys.list', { key: ACME_KEY, query: { platform: 'true' } });
    const cursor = (await fixture.succeed('api-keys.list', { headers: ACME, query: { limit: '1' } })).next_cursor;
    const crossed = await fixture.refused('api-keys.list', { headers: { 'postrider-tenant': 'b' }, query: { cursor } });
    expect(crossed.type).toBe('/problems/invalid-cursor');
  });
});

describe('a rotated key', () => {
  const rotate = (id: string, body?: object, key = PLATFORM_KEY) =>
    fixture.succeed('api-keys.rotate', { key, headers: ACME, params: { id }, ...(body && { body }) });

  it('has a successor of the same name and scopes, and stays good for the overlap', async () => {
    const old = await create({ scopes: ['events:read'], expires_at: timeIn(90 * DAY) });
    const next = await rotate(old.id, { overlap_seconds: 60 });
    expect(next).toMatchObject({ name: 'CI', scopes: ['events:read'], tenant_id: 'acme', expires_at: old.expires_at });
    expect(next.id).not.toBe(old.id);
    await fixture.clock.advance(59_999);
    expect([await statusWith(old.secret), await statusWith(next.secret)]).toEqual([200, 200]);
    await fixture.clock.advance(1);
    expect([await statusWith(old.secret), await statusWith(next.secret)]).toEqual([401, 200]);
  });

  it('overlaps for a day, or not at all, as asked, and never longer than it was good anyway', async () => {
    const [day, none, short] = [await create(), await create(), await create({ expires_at: timeIn(1000) })];
    await rotate(day.id);
    await rotate(none.id, { overlap_seconds: 0 });
    await rotate(short.id);
    const endOf = async ({ id }: { id: string }) =>
      (await fixture.succeed('api-keys.get', { headers: ACME, params: { id } })).expires_at;
    expect(await endOf(day)).toBe(timeIn(DAY));
    expect(await endOf(short)).toBe(timeIn(1000));
    expect(await statusWith(none.secret)).toBe(401);
  });

  it('gives nobody a stronger key than the caller’s own', async () => {
    const strong = await create();
    const weak = await create({ scopes: ['keys:write'] });
    const call = { key: weak.secret, params: { id: strong.id } };
    expect((await fixture.refused('api-keys.rotate', call)).type).toBe('/problems/missing-scope');
    expect(await statusWith(strong.secret)).toBe(200);
  });

  it('that has ended is refused', async () => {
    const { id } = await create();
    await fixture.succeed('api-keys.revoke', { headers: ACME, params: { id } });
    expect((await fixture.refused('api-keys.rotate', { headers: ACME, params: { id } })).status).toBe(409);
  });

  it.each([{ overlap_seconds: -1 }, { overlap_seconds: 2_592_001 }, { overlap_seconds: 1.5 }, { overlap: 1 }])(
    'with the body %j is refused',
    async (body) => {
      const { id, secret } = await create();
      expect((await fixture.refused('api-keys.rotate', { headers: ACME, params: { id }, body })).status).toBe(422);
      expect(await statusWith(secret)).toBe(200);
    },
  );
});

describe('a revoked key', () => {
  it('stops at once, and keeps the time at which it was revoked', async () => {
    const { id, secret } = await create();
    const revoke = () => fixture.succeed('api-keys.revoke', { headers: ACME, params: { id } });
    const revoked = await revoke();
    expect(revoked).toMatchObject({ status: 'revoked', revoked_at: timeIn(0) });
    expect(await statusWith(secret)).toBe(401);
    await fixture.clock.advance(1000);
    expect(await revoke()).toEqual(revoked);
  });

  it('of another tenant is unknown', async () => {
    const { id, secret } = await create();
    await fixture.addKey('prk_other', { tenantId: 'other' });
    for (const route of ['api-keys.get', 'api-keys.rotate', 'api-keys.revoke'] as const) {
      const others = await fixture.refused(route, { key: 'prk_other', params: { id } });
      const unknown = await fixture.refused(route, { params: { id: 'key_01KGS3N9W6R2T5Y8B1D4F7H0JM' } });
      expect(others).toEqual(unknown);
      expect(others.status).toBe(404);
    }
    expect(await statusWith(secret)).toBe(200);
  });
});

it('a key that has ended is forgotten 400 days later', async () => {
  const { id } = await create();
  await fixture.succeed('api-keys.revoke', { headers: ACME, params: { id } });
  await fixture.clock.advance(400 * DAY - 1);
  await fixture.store.purgeExpired(100);
  await fixture.succeed('api-keys.get', { headers: ACME, params: { id } });
  await fixture.clock.advance(1);
  await fixture.store.purgeExpired(100);
  expect((await fixture.refused('api-keys.get', { headers: ACME, params: { id } })).status).toBe(404);
});

describe('a tenant with as many live keys as it may have', () => {
  let full: ApiFixture;
  beforeEach(async () => {
    full = await ApiFixture.open({ settings: { maxApiKeys: 3 } });
  });
  afterEach(() => full.close());
  const make = () => full.succeed('api-keys.create', { body: { name: 'one' }, headers: { 'postrider-tenant': 'new' } });
  const ofNew = { headers: { 'postrider-tenant': 'new' } };

  it('gets no other until one has ended, and is told what to do', async () => {
    const [first] = [await make(), await make(), await make()];
    const refused = await full.refused('api-keys.create', { body: { name: 'one' }, ...ofNew });
    expect(refused).toMatchObject({ status: 422, type: '/problems/too-many-api-keys' });
    expect(refused.detail).toContain('revoke one');
    expect((await full.succeed('api-keys.list', ofNew)).data).toHaveLength(3);
    await full.succeed('api-keys.revoke', { params: { id: first.id }, ...ofNew });
    await full.clock.advance(1000);
    await make();
    await full.refused('api-keys.create', { body: { name: 'one' }, ...ofNew });
  });

  it('can rotate one without an overlap only, so that there are never more', async () => {
    const [first] = [await make(), await make(), await make()];
    const rotate = { params: { id: first.id }, ...ofNew };
    expect(await full.refused('api-keys.rotate', rotate)).toMatchObject({ type: '/problems/too-many-api-keys' });
    await full.succeed('api-keys.rotate', { ...rotate, body: { overlap_seconds: 0 } });
    const { data } = await full.succeed('api-keys.list', ofNew);
    expect(data.filter(({ status }: { status: string }) => status === 'live')).toHaveLength(3);
  });

  it('takes none from another tenant, nor from the platform', async () => {
    for (let n = 0; n < 3; n += 1) await make();
    await full.succeed('api-keys.create', { body: { name: 'one' }, headers: { 'postrider-tenant': 'other' } });
    for (let n = 0; n < 4; n += 1) {
      await full.succeed('api-keys.create', { body: { name: 'one' }, query: { platform: 'true' } });
    }
  });
});
