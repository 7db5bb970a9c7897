import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteId } from '../../../lib/api/routes.ts';
import { ACME_KEY, ApiFixture, type Call } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const ofAcme = { key: ACME_KEY };
const endpoint = (more: object = {}) => ({ url: 'https://example.com/hooks', events: ['*'], ...more });
const header = (name: string, value = 'a') => endpoint({ headers: { [name]: value } });

/** All that the tenant has, and which tenants there are. */
async function kept() {
  const { shards, isRegistered } = await fixture.store.subscriptions.tenant('acme');
  const lists = ['endpoints.list', 'events.list', 'event-types.list', 'api-keys.list'] as const;
  const rows = await Promise.all(lists.map(async (id) => (await fixture.succeed(id, ofAcme)).data));
  const tenants = (await fixture.succeed('tenants.list')).data;
  // The key that asks was used.
  return {
    shards: [...shards],
    isRegistered,
    tenants,
    rows: JSON.stringify(rows).replace(/"last_used_at":"[^"]*"/g, ''),
  };
}

const ENDPOINTS: [string, object, string][] = [
  ['a URL with credentials', endpoint({ url: 'https://user:secret@example.com/' }), 'url'],
  ['a URL with a name only', endpoint({ url: 'https://user@example.com/' }), 'url'],
  ['a scheme that is not HTTP', endpoint({ url: 'file:///etc/passwd' }), 'url'],
  ['a wildcard in the middle of a type', endpoint({ events: ['task.*.done'] }), 'events[0]'],
  ['a wildcard at the end of a segment', endpoint({ events: ['task.comp*'] }), 'events[0]'],
  [
    '21 headers',
    endpoint({ headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'a'])) }),
    'headers',
  ],
  ...['Host', 'content-length', 'Connection', 'transfer-encoding', 'webhook-signature', 'Webhook-Anything'].map(
    (name): [string, object, string] => [`the header ${name}`, header(name), 'headers'],
  ),
  ['a header of its dialect', { ...header('X-Webhook-Signature'), dialect: 'vem' }, 'headers'],
  ['a carriage return in a header', header('x-a', 'b\rc'), 'headers'],
  ['a line feed in a header', header('x-a', 'b\nc'), 'headers'],
  ['a header beyond ASCII', header('x-a', 'é'), 'headers'],
  ['a header whose name has a space', header('x a'), 'headers'],
];

describe('what is refused leaves nothing behind', () => {
  it.each(ENDPOINTS)('an endpoint with %s', async (_, body, field) => {
    const before = await kept();
    const problem = await fixture.refused('endpoints.create', { body, ...ofAcme });
    expect(problem.status).toBe(422);
    expect(problem.errors?.map((error) => error.field)).toEqual([field]);
    expect(await kept()).toEqual(before);
  });

  it.each(ENDPOINTS.filter(([name]) => !name.includes('dialect')))('an edit to %s', async (_, body, field) => {
    const { id } = await fixture.succeed('endpoints.create', { body: endpoint(), ...ofAcme });
    const params = { id };
    const before = await fixture.store.endpoints.get('acme', id);
    const problem = await fixture.refused('endpoints.update', { params, body, ...ofAcme });
    expect([problem.status, problem.errors?.[0]?.field]).toEqual([422, field]);
    expect(await fixture.store.endpoints.get('acme', id)).toEqual(before);
  });

  it.each([
    ['short', 'whsec_c2hvcnQ='],
    ['without its prefix', Buffer.alloc(32).toString('base64')],
    ['not base64', 'whsec_not base64 at all, and yet quite long'],
  ])('a secret that is %s, at a creation and at a rotation', async (_, secret) => {
    const body = { signing_secret: secret };
    const before = await kept();
    const made = await fixture.refused('endpoints.create', { body: endpoint(body), ...ofAcme });
    expect(made).toMatchObject({ status: 422, type: '/problems/invalid-secret' });
    expect(JSON.stringify(made)).not.toContain(secret);
    expect(await kept()).toEqual(before);
    const { id } = await fixture.succeed('endpoints.create', { body: endpoint(), ...ofAcme });
    const stored = await fixture.store.endpoints.get('acme', id);
    const rotated = await fixture.refused('endpoints.rotate-secret', { params: { id }, body, ...ofAcme });
    expect(rotated.type).toBe('/problems/invalid-secret');
    expect(await fixture.store.endpoints.get('acme', id)).toEqual(stored);
  });

  it.each<[RouteId, Call, number]>([
    ['endpoints.create', { body: '{"url": ' }, 400],
    ['endpoints.create', { body: 'url=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['endpoints.create', { body: endpoint({ label: 'x'.repeat(300_000) }) }, 413],
    ['endpoints.create', { body: endpoint({ color: 'red' }) }, 422],
    ['event-types.create', { body: { type: 'a', description: 'b', schema: { type: 'text' } } }, 422],
    ['event-types.create', { body: { type: 'a', description: 'b', schema: explosive() } }, 422],
    ['api-keys.create', { body: { name: 'a', scopes: ['everything'] } }, 422],
    ['api-keys.create', { body: { name: 'a', expires_at: '2020-01-01T00:00:00Z' } }, 422],
    ['tenants.create', { body: { id: 'a\nb' }, key: 'prk_platform' }, 400],
    ['tenants.create', { body: { id: 'new', unknown_types: 'maybe' }, key: 'prk_platform' }, 422],
  ])('case %$: a call of %s', async (route, call, status) => {
    const before = await kept();
    expect((await fixture.refused(route, { ...ofAcme, ...call })).status).toBe(status);
    expect(await kept()).toEqual(before);
  });
});

describe('a cursor', () => {
  const page = (query: Record<string, string>, key = ACME_KEY) => ({ query: { limit: '1', ...query }, key });

  it('that was tampered with is refused, wherever', async () => {
    for (let n = 0; n < 2; n += 1) await fixture.succeed('endpoints.create', { body: endpoint(), ...ofAcme });
    const { next_cursor: cursor } = await fixture.succeed('endpoints.list', page({}));
    await fixture.succeed('endpoints.list', page({ cursor }));
    const [digest] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
    const forged = [
      `${cursor}x`,
      cursor.slice(1),
      cursor.slice(0, -2),
      Buffer.from(JSON.stringify([digest, 5])).toString('base64url'),
      Buffer.from(JSON.stringify(['another0', 'ep_'])).toString('base64url'),
      Buffer.from(JSON.stringify({ 0: digest, 1: 'ep_' })).toString('base64url'),
    ];
    for (const one of forged) {
      const problem = await fixture.refused('endpoints.list', page({ cursor: one }));
      expect(problem).toMatchObject({ status: 400, type: '/problems/invalid-cursor' });
    }
  });

  it('of another tenant is refused', async () => {
    for (let n = 0; n < 2; n += 1) await fixture.succeed('endpoints.create', { body: endpoint(), ...ofAcme });
    const { next_cursor: cursor } = await fixture.succeed('endpoints.list', page({}));
    const problem = await fixture.refused('endpoints.list', page({ cursor }, 'prk_platform'));
    expect(problem).toMatchObject({ status: 400, type: '/problems/invalid-cursor' });
  });
});

/** Each definition names the next one twice: 2 to the 40th parts. */
function explosive(): object {
  const name = (n: number) => ({ $ref: `#/$defs/d${n}` });
  const definitions = Array.from({ length: 40 }, (_, n) => [`d${n}`, { allOf: [name(n + 1), name(n + 1)] }]);
  return { ...name(0), $defs: { ...Object.fromEntries(definitions), d40: true } };
}
