import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../lib/domain/job.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { TenantStore } from '../../../lib/ports/tenant-store.ts';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const DAY = 24 * 3600 * 1000;

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
      erased_at: null,
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

describe('a tenant that is erased', () => {
  const params = { id: 'acme' };
  const headers = { 'postrider-tenant': 'acme' };
  const at = () => new Date(fixture.clock.now()).toISOString();
  const later = (ms: number) => new Date(fixture.clock.now() + ms).toISOString();

  it('is answered with the job, which says what was removed and when the last traces end', async () => {
    await fixture.succeed('tenants.create', { body: { id: 'acme', name: 'Acme' } });
    const job = await fixture.succeed('tenants.erase', { params });
    expect(job).toMatchObject({ kind: 'erase-tenant', status: 'running', processed: 0, created_at: at() });
    const counts = { api_keys: 0, endpoints: 0, deliveries: 0, events: 0, jobs: 0, event_types: 0, numbers: 0 };
    const erasure = { ...counts, counters: 0, claims_end_at: later(DAY + 900_000), backups_end_at: null };
    expect(job.erasure).toEqual(erasure);
    expect(await fixture.succeed('jobs.get', { params: { id: job.id }, headers })).toEqual(job);
    expect(await fixture.succeed('tenants.erase', { params })).toEqual(job);
    const shown = { id: 'acme', name: null, registered_at: at(), erased_at: at(), events_per_second: null };
    expect(await fixture.succeed('tenants.get', { params })).toMatchObject(shown);

    const stored = await fixture.store.jobs.get('acme', job.id);
    const done = { ...stored, status: 'done', step: 1, processed: 7, removed: { events: 4, deliveries: 3 } } as Job;
    delete done.checkAt;
    await fixture.store.jobs.replaceIfStep(done, 0);
    const ended = await fixture.succeed('jobs.get', { params: { id: job.id }, headers });
    expect(ended).toMatchObject({ status: 'done', processed: 7 });
    expect(ended.erasure).toEqual({ ...erasure, events: 4, deliveries: 3, backups_end_at: later(35 * DAY) });
  });

  it('takes nothing in: posts and changes are 410, by a key of its own or the platform’s', async () => {
    await fixture.succeed('events.post', { key: ACME_KEY, body: { type: 'a.b', data: {} } });
    await fixture.succeed('tenants.erase', { params });
    const URL_BODY = { url: 'https://example.com/hooks', events: ['*'] };
    const calls = [
      ['events.post', { body: { type: 'a.b', data: {} } }],
      ['endpoints.create', { body: URL_BODY }],
      ['endpoints.validate', { body: URL_BODY }],
      ['api-keys.create', { body: { name: 'CI' } }],
      ['event-types.create', { body: { type: 'a.b', description: 'x' } }],
      ['deliveries.bulk-retry', { body: { status: 'exhausted' } }],
      ['events.replay', { params: { id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB' } }],
    ] as const;
    for (const [id, call] of calls) {
      for (const who of [{ key: ACME_KEY }, { headers }]) {
        expect(await fixture.refused(id, { ...call, ...who }), id).toMatchObject({
          status: 410,
          type: '/problems/tenant-erased',
        });
      }
    }
    const { data } = await fixture.succeed('events.batch', {
      headers,
      body: { events: [{ type: 'a.b', data: 1 }] },
    });
    expect(data[0].error).toMatchObject({ type: '/problems/tenant-erased', status: 410 });
    for (const [id, call] of [
      ['tenants.create', { body: { id: 'acme' } }],
      ['tenants.update', { params, body: { name: 'Acme' } }],
      ['tenants.reseal', { params }],
      ['tenants.reset-mfa', { params }],
      ['brake.set', { query: { tenant_id: 'acme' } }],
    ] as const) {
      expect((await fixture.refused(id, call)).type, id).toBe('/problems/tenant-erased');
    }
    // The platform's own, and another tenant's, are as before.
    await fixture.succeed('api-keys.create', { query: { platform: 'true' }, headers, body: { name: 'own' } });
    await fixture.succeed('events.post', { headers: { 'postrider-tenant': 'other' }, body: { type: 'a.b', data: {} } });
    expect((await fixture.succeed('tenants.get', { params })).erased_at).toBe(at());
  });

  it('leaves a line in the platform’s audit log, and keeps its own', async () => {
    await fixture.succeed('endpoints.create', { key: ACME_KEY, body: { url: 'https://example.com', events: ['*'] } });
    await fixture.succeed('tenants.erase', { params });
    const platform = await fixture.succeed('audit-log.list', { query: { platform: 'true' } });
    expect(platform.data[0]).toMatchObject({ action: 'tenants.erase', target: 'acme', outcome: 'done' });
    const own = await fixture.succeed('audit-log.list', { headers });
    expect(own.data[0]).toMatchObject({ action: 'endpoints.create', outcome: 'done' });
  });

  it('must be known, and erasing is the platform’s alone', async () => {
    expect((await fixture.refused('tenants.erase', { params })).status).toBe(404);
    expect((await fixture.refused('tenants.reseal', { params })).status).toBe(404);
    expect((await fixture.refused('tenants.erase', { params, key: ACME_KEY })).status).toBe(403);
  });
});
