import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { TenantStore } from '../../../lib/ports/tenant-store.ts';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

describe('a tenant', () => {
  const params = { id: 'acme' };

  it('has no quota until one is set, and none again when it is removed', async () => {
    const unknown = {
      id: 'acme',
      name: null,
      events_per_second: null,
      unknown_types: 'accept',
      data_check: 'off',
      registered_at: null,
    };
    expect(await fixture.succeed('tenants.get', { params })).toEqual(unknown);
    const set = { params, body: { events_per_second: 2.5 } };
    const registered_at = new Date(fixture.clock.now()).toISOString();
    const known = { ...unknown, registered_at };
    expect(await fixture.succeed('tenants.update', set)).toEqual({ ...known, events_per_second: 2.5 });
    await fixture.succeed('tenants.update', { params, body: { events_per_second: null } });
    expect(await fixture.succeed('tenants.get', { params })).toEqual(known);
  });

  it('has a name that the platform sets, changes and removes, beside its quota', async () => {
    await fixture.succeed('tenants.update', { params, body: { name: 'Acme', events_per_second: 2 } });
    const show = () => fixture.succeed('tenants.get', { params });
    expect(await show()).toMatchObject({ name: 'Acme', events_per_second: 2 });
    await fixture.succeed('tenants.update', { params, body: { events_per_second: null } });
    expect(await show()).toMatchObject({ name: 'Acme', events_per_second: null });
    await fixture.succeed('tenants.update', { params, body: { name: null } });
    expect(await show()).toMatchObject({ name: null });
  });

  it('is created once, found where its answer says, and listed', async () => {
    const body = { id: 'org|a/b', name: 'Acme', events_per_second: 5 };
    const { status, headers, body: text } = await fixture.call('tenants.create', { body });
    expect([status, headers.location]).toEqual([201, '/v1/tenants/org%7Ca%2Fb']);
    expect(JSON.parse(text ?? '')).toMatchObject(body);
    expect(await fixture.refused('tenants.create', { body })).toMatchObject({
      status: 409,
      type: '/problems/wrong-state',
    });
    expect((await fixture.succeed('tenants.list')).data).toEqual([JSON.parse(text ?? '')]);
  });

  it.each([
    ['key', 'api-keys.create', { body: { name: 'CI' } }],
    ['endpoint', 'endpoints.create', { body: { url: 'https://example.com', events: ['*'] } }],
    ['event', 'events.post', { body: { type: 'a.b', data: {} } }],
    ['batch', 'events.batch', { body: { events: [{ type: 'a.b', data: {} }] } }],
  ] as const)('is registered before its first %s is stored, and once', async (_, id, call) => {
    const headers = { 'postrider-tenant': 'new' };
    const listed = async () => (await fixture.succeed('tenants.list')).data;
    expect(await listed()).toEqual([]);
    await fixture.call(id, { ...call, headers });
    const [first] = await listed();
    expect(first).toMatchObject({ id: 'new', registered_at: new Date(fixture.clock.now()).toISOString() });
    await fixture.clock.advance(1000);
    await fixture.call(id, { ...call, headers });
    expect(await listed()).toEqual([first]);
  });

  it('is not served where it can’t be registered, and nothing of it is stored', async () => {
    const registerUnlessThere = () => Promise.reject(new ServiceFault('throttled'));
    const tenants = Object.assign(Object.create(fixture.store.tenants) as TenantStore, { registerUnlessThere });
    const failing = await ApiFixture.open({ ports: { tenants } });
    for (const [id, body] of [
      ['events.post', { type: 'a.b', data: {} }],
      ['endpoints.create', { url: 'https://example.com', events: ['*'] }],
      ['api-keys.create', { name: 'CI' }],
    ] as const) {
      expect((await failing.call(id, { body })).status).toBe(503);
    }
    for (const id of ['events.list', 'endpoints.list', 'api-keys.list'] as const) {
      expect((await failing.succeed(id)).data).toEqual([]);
    }
    failing.close();
  });

  it('pages through all tenants', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `tenant ${n}`);
    for (const id of ids) await fixture.succeed('tenants.create', { body: { id } });
    const found: string[] = [];
    let query: Record<string, string> = { limit: '3' };
    for (;;) {
      const { data, next_cursor: cursor } = await fixture.succeed('tenants.list', { query });
      found.push(...data.map(({ id }: { id: string }) => id));
      if (cursor === null) break;
      query = { limit: '3', cursor };
    }
    expect(found).toEqual(ids);
  });

  it('past its quota is told when to come back', async () => {
    await fixture.succeed('tenants.update', { params, body: { events_per_second: 0.1 } });
    const post = { key: ACME_KEY, body: { type: 'a.b', data: {} } };
    for (let n = 0; n < 6; n += 1) await fixture.succeed('events.post', post);
    const refused = await fixture.refused('events.post', post);
    expect(refused).toMatchObject({ status: 429, type: '/problems/over-quota' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('cannot set its own quota', async () => {
    const body = { events_per_second: 1000 };
    expect((await fixture.refused('tenants.update', { params, body, key: ACME_KEY })).status).toBe(403);
  });

  it.each([{}, { events_per_second: 0 }, { events_per_second: -1 }, { events_per_second: '5' }, { quota: 5 }])(
    'with the body %j is refused',
    async (body) => {
      expect((await fixture.refused('tenants.update', { params, body })).status).toBe(422);
    },
  );
});
