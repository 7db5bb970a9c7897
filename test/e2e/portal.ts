import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api, type Json } from './api.ts';
import type { Backend, RunningBackend } from './backend.ts';

const SESSIONS = '/v1/portal/sessions';

/** What docs/portal.md promises of sessions, over HTTP. */
export function describePortal({ name, start, tenantInPath: tenant = 'portal tenant' }: Backend): void {
  describe(`sessions of the console, ${name}`, () => {
    let running: RunningBackend;
    /** Of the tenant, by the platform's key. */
    let platform: Api;
    beforeAll(async () => {
      running = await start();
      platform = new Api(running, encodeURIComponent(tenant));
    }, 120_000);
    afterAll(() => running.stop(), 60_000);

    const as = (credential: string, ofTenant?: string) =>
      new Api({ url: running.url, apiKey: credential }, ofTenant && encodeURIComponent(ofTenant));
    const make = async (api: Api, method: string, path: string, body?: object): Promise<Json> => {
      const answer = await api.call(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    const link = (body: object = {}) => make(platform, 'POST', SESSIONS, { user: 'ada', ...body });
    const exchange = (code: string) => as(code).call('POST', `${SESSIONS}/exchange`);
    const openLink = async (body: object = {}) => {
      const { code, id } = await link(body);
      const { status, body: opened } = await exchange(code);
      expect(status).toBe(200);
      return { id, token: opened.token as string, session: as(opened.token) };
    };

    test('a link works once, also when many try it at the same time', async () => {
      const { code, id } = await link();
      const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(code)));
      const won = answers.find(({ status }) => status === 200);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 401)]);
      expect(won?.body.session).toMatchObject({ id, tenant_id: tenant, user: 'ada', status: 'live', access: 'read' });
      expect((await exchange(code)).status).toBe(401);
    });

    test('a session reads what its screens show, changes nothing, and reaches no other tenant', async () => {
      const { session, id, token } = await openLink({ screens: ['endpoints'] });
      expect(await session.get('/v1/portal/session')).toMatchObject({ id, screens: ['endpoints'] });
      expect((await session.get('/v1/endpoints')).data).toBeInstanceOf(Array);
      const statusOf = async (method: string, path: string, body?: object, by = session) =>
        (await by.call(method, path, body)).status;
      expect(await statusOf('GET', '/v1/audit-log')).toBe(403);
      expect(await statusOf('POST', '/v1/endpoints', { url: 'https://example.com', events: ['*'] })).toBe(403);
      expect(await statusOf('POST', '/v1/events', { type: 'a.b', data: {} })).toBe(403);
      expect(await statusOf('POST', '/v1/portal/sessions', { user: 'eve' })).toBe(403);
      expect(await statusOf('GET', '/v1/endpoints', undefined, as(token, 'other'))).toBe(403);
      expect(await statusOf('GET', '/v1/tenants')).toBe(403);
    });

    test('what is changed in a session is in the audit log with its person', async () => {
      const { session, id } = await openLink({ access: 'manage', user: 'Grace Höpper' });
      const made = await make(session, 'POST', '/v1/endpoints', { url: 'https://example.com/hooks', events: ['*'] });
      const { data } = await session.get(`/v1/audit-log?target=${made.id}`);
      expect(data).toMatchObject([{ action: 'endpoints.create', key_id: id, user: 'Grace Höpper', outcome: 'done' }]);
    });

    test('a session that is ended or revoked is refused', async () => {
      const one = await openLink();
      expect(await make(one.session, 'POST', '/v1/portal/session/end')).toMatchObject({ status: 'revoked' });
      const two = await openLink();
      await make(platform, 'POST', `${SESSIONS}/${two.id}/revoke`);
      for (const { session } of [one, two]) {
        // The gateway on AWS remembers it for ten seconds.
        await expect
          .poll(async () => (await session.call('GET', '/v1/endpoints')).status, { timeout: 30_000, interval: 1000 })
          .toBe(401);
      }
    }, 60_000);

    test('all sessions of a person end, whatever happens to them at that moment: opened, extended or ended', async () => {
      const user = 'Eve of the race';
      const [live, ended] = [await openLink({ user }), await openLink({ user })];
      const links = await Promise.all(Array.from({ length: 8 }, () => link({ user })));
      const [revoked, , , ...opened] = await Promise.all([
        make(platform, 'POST', `${SESSIONS}/revoke-all`, { user }),
        platform.call('POST', `${SESSIONS}/${live.id}/extend`),
        ended.session.call('POST', '/v1/portal/session/end'),
        ...links.map(({ code }) => exchange(code)),
      ]);
      expect(revoked).toMatchObject({ next_cursor: null });
      const { data } = await platform.get(`${SESSIONS}?limit=100`);
      const theirs = data.filter((one: Json) => one.user === user);
      expect(theirs.map(({ status }: Json) => status)).toEqual(Array(10).fill('revoked'));
      const tokens = opened.filter(({ status }) => status === 200).map(({ body }) => body.token as string);
      for (const session of [live.session, ended.session, ...tokens.map((token) => as(token))]) {
        // The gateway on AWS remembers it for ten seconds.
        await expect
          .poll(async () => (await session.call('GET', '/v1/portal/session')).status, {
            timeout: 30_000,
            interval: 1000,
          })
          .toBe(401);
      }
      for (const { code } of links) expect((await exchange(code)).status).toBe(401);
    }, 60_000);

    test('the platform extends a session, and lists it with its owner’s', async () => {
      const { id } = await openLink();
      const extended = await make(platform, 'POST', `${SESSIONS}/${id}/extend`);
      expect(Date.parse(extended.expires_at) - Date.now()).toBeGreaterThan(3_590_000);
      const { data } = await platform.get(SESSIONS);
      expect(data.map((one: { id: string }) => one.id)).toContain(id);
      const unopened = await link();
      const refused = await platform.call('POST', `${SESSIONS}/${unopened.id}/extend`);
      expect(refused).toMatchObject({ status: 409, body: { type: '/problems/wrong-state' } });
    });

    test('an operator’s session acts for every tenant, as a platform key does', async () => {
      const made = await make(as(running.apiKey), 'POST', `${SESSIONS}?platform=true`, {
        user: 'op',
        access: 'manage',
      });
      const { body } = await exchange(made.code);
      expect(body.session).toMatchObject({ tenant_id: null, screens: expect.arrayContaining(['overview']) });
      const operator = as(body.token);
      expect((await operator.get('/v1/tenants')).data).toBeInstanceOf(Array);
      const ofTenant = as(body.token, tenant);
      expect((await ofTenant.get('/v1/endpoints')).data).toBeInstanceOf(Array);
      const one = await make(ofTenant, 'POST', SESSIONS, { user: 'ada' });
      expect(one).toMatchObject({ tenant_id: tenant, created_by: made.id });
    });
  });
}
