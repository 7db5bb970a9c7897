import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TENANT_SCREENS, type Screen } from '../../lib/domain/portal-session.ts';
import { type RouteId, routes } from '../../lib/api/routes.ts';
import { ACME_KEY, ApiFixture } from './fixture.ts';

// What an attacker has who was given a session, tried at every route of the table.

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

async function sessionOf(access: 'read' | 'manage', screens: readonly Screen[] = TENANT_SCREENS): Promise<string> {
  const body = { user: 'eve', access, screens };
  const { code } = await fixture.succeed('portal.create', { key: ACME_KEY, body });
  return (await fixture.succeed('portal.exchange', { key: code })).token;
}

/** After that one a session reaches nothing. */
const isEnd = ({ id }: { id: string }) => id === 'portal.end';

/** The ids of the routes that answer anything but a refusal of whoever calls. */
async function reached(key: string): Promise<RouteId[]> {
  const found: RouteId[] = [];
  for (const { id, scope } of [...routes.filter((route) => !isEnd(route)), ...routes.filter(isEnd)]) {
    const { status } = await fixture.call(id as RouteId, { key });
    if (scope !== null && status !== 401 && status !== 403) found.push(id as RouteId);
  }
  return found;
}

const scopesOf = (ids: readonly RouteId[]) =>
  new Set(routes.filter(({ id }) => ids.includes(id as RouteId)).map(({ scope }) => scope));

describe('a session that may read', () => {
  it('reaches no route that changes something, on any screen', async () => {
    const scopes = [...scopesOf(await reached(await sessionOf('read')))];
    expect(scopes.length).toBeGreaterThan(5);
    for (const scope of scopes) expect(scope).toMatch(/:read$|^portal:use$|^mfa:use$/);
    expect(scopes).not.toContain('tenants:read');
    expect(scopes).not.toContain('portal:read');
  });

  it('reaches what its screens need, whatever the address says', async () => {
    const scopes = scopesOf(await reached(await sessionOf('read', ['catalogue'])));
    expect(scopes).toEqual(new Set(['event-types:read', 'endpoints:read', 'portal:use', 'mfa:use']));
  });
});

describe('an operator’s session that may read', () => {
  it('reaches what stands about every tenant, and no route that changes something', async () => {
    const query = { platform: 'true' };
    const { code } = await fixture.succeed('portal.create', { query, body: { user: 'eve' } });
    const { token } = await fixture.succeed('portal.exchange', { key: code });
    const ids = await reached(token);
    const scopes = [...scopesOf(ids)];
    expect(scopes).toEqual(expect.arrayContaining(['tenants:read', 'portal:read', 'endpoints:read']));
    for (const scope of scopes) expect(scope).toMatch(/:read$|^portal:use$|^mfa:use$/);
    // What these scopes allow besides reading: to try something, to step up, and to end itself.
    const changing = routes.filter(({ id, method }) => ids.includes(id as RouteId) && method !== 'GET');
    expect(changing.filter(({ unaudited }) => !unaudited).map(({ id }) => id)).toEqual(['mfa.step-up', 'portal.end']);
  });
});

describe('a session that may manage', () => {
  it('posts no event, polls nothing, makes no session, and does nothing of the platform’s', async () => {
    const scopes = scopesOf(await reached(await sessionOf('manage')));
    for (const scope of [
      'events:write',
      'endpoints:poll',
      'portal:write',
      'portal:read',
      'tenants:read',
      'tenants:write',
    ]) {
      expect(scopes).not.toContain(scope);
    }
    expect(scopes).toContain('endpoints:write');
  });

  it('gives nobody more than it has itself: its keys have its scopes at most', async () => {
    const key = await sessionOf('manage', ['api-keys']);
    const { status, body } = await fixture.call('api-keys.create', {
      key,
      body: { name: 'more', scopes: ['events:write'] },
    });
    expect(status, body).toBe(403);
  });
});

it('a session names no other tenant: by a header, by an id, or as the platform', async () => {
  const theirs = { 'postrider-tenant': 'other' };
  const body = { url: 'https://example.com/hooks', events: ['*'], label: 'Of the other' };
  const { id } = await fixture.succeed('endpoints.create', { headers: theirs, body });
  const key = await sessionOf('manage');
  const named = await fixture.call('endpoints.list', { key, headers: theirs });
  expect(named.body ?? '').not.toContain('Of the other');
  for (const route of ['endpoints.get', 'endpoints.pause', 'endpoints.revoke', 'endpoints.delete'] as const) {
    expect((await fixture.refused(route, { key, params: { id } })).status).toBe(404);
  }
  for (const route of ['api-keys.list', 'audit-log.list', 'event-types.list'] as const) {
    const { status } = await fixture.call(route, { key, query: { platform: 'true' } });
    expect([400, 403], route).toContain(status);
  }
  expect(await fixture.succeed('endpoints.get', { headers: theirs, params: { id } })).toMatchObject({
    status: 'active',
  });
});

it.each([
  ['accent', 'red;background:url(https://evil.example)'],
  ['accent', '#fff}body{display:none}'],
  ['font', 'x;}*{color:red'],
  ['font', 'url(https://evil.example/font)'],
  ['font', 'expression(alert(1))'],
  ['logo', 'javascript:alert(1)'],
  ['logo', 'data:text/html,<script>alert(1)</script>'],
  ['logo', 'https://evil.example/pixel.png'],
  ['radius', '2px;position:fixed'],
  ['mode', 'dark;x'],
] as const)('a theme can’t bring styles, scripts or other hosts in: %s %s', async (field, value) => {
  const body = { user: 'eve', theme: { [field]: value } };
  const refused = await fixture.refused('portal.create', { key: ACME_KEY, body });
  expect([refused.status, refused.errors?.[0]?.field]).toEqual([422, `theme.${field}`]);
});
