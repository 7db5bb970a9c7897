import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

const START = '2026-01-01T00:00:00.000Z';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const create = (more: object = {}) =>
  fixture.succeed('endpoints.create', { body: { url: 'https://example.com/hooks', events: ['task.*'], ...more } });

it('creates an endpoint with defaults, and shows its secret in that answer only', async () => {
  const { signing_secret: secret, ...created } = await create();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(created).toEqual({
    id: expect.stringMatching(/^ep_/),
    tenant_id: 'default',
    kind: 'push',
    url: 'https://example.com/hooks',
    label: null,
    events: ['task.*'],
    project_id: null,
    filter: null,
    dialect: 'standard',
    generation: 1,
    status: 'active',
    status_reason: null,
    header_names: [],
    auth: null,
    retry: { preset: 'standard' },
    timeout_seconds: 10,
    rate_limit_per_second: null,
    circuit_breaker: true,
    auto_resume: true,
    also_standard: false,
    asymmetric_signing: false,
    secrets: [
      {
        use: 'signing',
        fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
        created_at: START,
        activates_at: null,
        expires_at: null,
      },
    ],
    metadata: {},
    last_attempted_at: null,
    last_success_at: null,
    last_status_code: null,
    consecutive_failures: 0,
    slow_since: null,
    created_at: START,
    updated_at: START,
  });
  expect(await fixture.succeed('endpoints.get', { params: { id: created.id } })).toEqual(created);
});

it('shows since when an endpoint is slow, and nothing once that is over', async () => {
  const { id } = await create();
  const now = fixture.clock.now();
  const note = { tenantId: 'default', endpointId: String(id), generation: 1, since: now, until: now + 60_000 };
  await fixture.store.health.noteSlow(note);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ slow_since: START });
  await fixture.clock.advance(60_000);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ slow_since: null });
});

it('keeps everything that was given, and shows of headers their lower-case names only', async () => {
  const given = {
    label: 'Build bot',
    project_id: 'proj_1',
    retry: { delays: [1, 60] },
    timeout_seconds: 30,
    metadata: { team: 'é' },
    signing_secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };
  expect(await create({ ...given, headers: { 'X-Team': 'core' } })).toMatchObject({
    ...given,
    header_names: ['x-team'],
  });
});

it.each([
  ['https://hooks.slack.com/services/T1/B1/x', 'slack'],
  ['https://discord.com/api/webhooks/1/x', 'discord'],
])('recognises %s, whatever dialect was asked for, and says so', async (url, dialect) => {
  const chat = { dialect, retry: { preset: dialect }, circuit_breaker: true };
  const { id, signing_secret: secret, ...created } = await create({ url, dialect: 'vem' });
  expect(created).toMatchObject(chat);
  expect(secret).toMatch(/^whsec_/);
  const patch = (to: string) => fixture.succeed('endpoints.update', { params: { id }, body: { url: to } });
  expect(await patch('https://example.com/hooks')).toMatchObject({ dialect: 'vem', retry: { preset: 'vem' } });
  expect(await patch(url)).toMatchObject(chat);
});

it('keeps the retries that were asked for when a URL brings another dialect', async () => {
  const url = 'https://hooks.slack.com/services/T1/B1/x';
  const { id } = await create({ dialect: 'vem', retry: { preset: 'ventryx' } });
  const edited = await fixture.succeed('endpoints.update', { params: { id }, body: { url } });
  expect(edited).toMatchObject({ dialect: 'slack', retry: { preset: 'ventryx' } });
});

it.each([
  ['standard', true, true],
  ['vem', false, true],
  ['veriswarm', true, false],
  ['vellum', false, true],
  ['ventryx', false, true],
])('%s: the circuit breaker and its probes are as the platform has them', async (dialect, breaker, probes) => {
  const asked = { circuit_breaker: !breaker, auto_resume: !probes };
  expect(await create({ dialect })).toMatchObject({ dialect, circuit_breaker: breaker, auto_resume: probes });
  expect(await create({ dialect, ...asked })).toMatchObject(asked);
});

it.each(['my own secret', 'x', '~'.repeat(256)])(
  'takes %j as the secret of customers of a platform',
  async (secret) => {
    expect(await create({ dialect: 'ventryx', signing_secret: secret })).toMatchObject({ signing_secret: secret });
  },
);

it('refuses a secret that a dialect cannot sign with, and says what to do', async () => {
  const body = { url: 'https://example.com', events: ['*'], dialect: 'vem', signing_secret: 'geheim-ß' };
  const problem = await fixture.refused('endpoints.create', { body });
  expect(problem.detail).toBe('signing_secret must be 1 to 256 printable ASCII characters.');
});

it('shows a second secret with the headers of Standard Webhooks, once, where the first is of another form', async () => {
  const own = { dialect: 'vem', also_standard: true, signing_secret: 'my own secret' };
  const { id, standard_signing_secret: second } = await create(own);
  expect(second).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).not.toHaveProperty('standard_signing_secret');
  const again = await fixture.succeed('endpoints.update', { params: { id }, body: { also_standard: true } });
  expect(again).not.toHaveProperty('standard_signing_secret');
  expect(await create({ dialect: 'vem', also_standard: true })).not.toHaveProperty('standard_signing_secret');
});

it('makes that secret when an edit adds the headers', async () => {
  const { id } = await create({ dialect: 'vem', signing_secret: 'my own secret' });
  const edited = await fixture.succeed('endpoints.update', { params: { id }, body: { also_standard: true } });
  expect(edited).toMatchObject({ also_standard: true, standard_signing_secret: expect.stringMatching(/^whsec_/) });
});

it.each([
  ['active', null],
  ['paused', 'manual'],
  ['disabled', 'manual'],
])('makes one that is %s from the beginning', async (status, reason) => {
  expect(await create({ status })).toMatchObject({ status, status_reason: reason, generation: 1 });
});

it('makes none that is revoked', async () => {
  const body = { url: 'https://example.com', events: ['*'], status: 'revoked' };
  expect(await fixture.refused('endpoints.create', { body })).toMatchObject({ status: 422 });
});

it('answers a repeated creation with both secrets', async () => {
  const body = { url: 'https://example.com', events: ['*'], dialect: 'vem', also_standard: true, signing_secret: 'x' };
  const call = { body, headers: { 'idempotency-key': 'k' } };
  const first = await fixture.succeed('endpoints.create', call);
  expect(await fixture.succeed('endpoints.create', call)).toEqual(first);
  expect(first).toHaveProperty('standard_signing_secret');
});

it('registers http and loopback URLs where the deployment allows them', async () => {
  const local = await ApiFixture.open({ settings: { allowHttp: true, allowLoopback: true } });
  const body = { url: 'http://127.0.0.1:8080/', events: ['*'] };
  expect((await local.succeed('endpoints.create', { body })).url).toBe(body.url);
  local.close();
});

it('lists endpoints page by page, oldest first', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    ids.push((await create()).id);
    await fixture.clock.advance(1);
  }
  const first = await fixture.succeed('endpoints.list', { query: { limit: '2' } });
  const second = await fixture.succeed('endpoints.list', { query: { limit: '2', cursor: first.next_cursor } });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
  expect(second.next_cursor).toBeNull();
});

it('changes the fields that are given and removes those that are null', async () => {
  const { signing_secret: _, ...created } = await create({ label: 'old', project_id: 'p', metadata: { a: 'b' } });
  await fixture.clock.advance(1500);
  const body = { label: null, project_id: null, events: ['*'], headers: { 'X-A': 'b' }, metadata: {} };
  expect(await fixture.succeed('endpoints.update', { params: { id: created.id }, body })).toEqual({
    ...created,
    generation: 2,
    label: null,
    project_id: null,
    events: ['*'],
    header_names: ['x-a'],
    metadata: {},
    updated_at: '2026-01-01T00:00:01.500Z',
  });
});

it('changes nothing when the endpoint is no longer the one that the caller has seen', async () => {
  const { id } = await create();
  const edit = (label: string) =>
    fixture.call('endpoints.update', { params: { id }, body: { label }, headers: { 'if-match': '"1"' } });
  expect((await edit('first')).status).toBe(200);
  expect((await edit('second')).status).toBe(412);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ label: 'first' });
});

it('checks the URL of an edit like that of a new endpoint', async () => {
  const { id } = await create();
  const problem = await fixture.refused('endpoints.update', { params: { id }, body: { url: 'https://10.0.0.1/' } });
  expect(problem.errors?.[0]?.field).toBe('url');
});

it('pauses, resumes, disables and enables, with and without an empty body', async () => {
  const { id } = await create();
  const call = async (name: 'pause' | 'resume' | 'disable' | 'enable', body?: object) => {
    const { status, status_reason } = await fixture.succeed(`endpoints.${name}`, { params: { id }, body });
    return [status, status_reason];
  };
  expect(await call('pause')).toEqual(['paused', 'manual']);
  expect(await call('resume')).toEqual(['active', null]);
  expect(await call('pause', {})).toEqual(['paused', 'manual']);
  expect(await call('resume', { held: 'discard' })).toEqual(['active', null]);
  expect(await call('disable')).toEqual(['disabled', 'manual']);
  expect(await call('enable')).toEqual(['active', null]);
});

it('refuses with 409 what the state does not allow, and says what to call', async () => {
  const { id } = await create();
  await fixture.succeed('endpoints.disable', { params: { id } });
  const problem = await fixture.refused('endpoints.resume', { params: { id } });
  expect(problem).toMatchObject({ status: 409, detail: expect.stringContaining('Call enable') });
});

it('forgets a deleted endpoint', async () => {
  const { id } = await create();
  await fixture.succeed('endpoints.delete', { params: { id } });
  expect(await fixture.refused('endpoints.get', { params: { id } })).toMatchObject({ status: 404 });
  expect((await fixture.succeed('endpoints.list')).data).toEqual([]);
});

it('destroys the signing secrets of a deleted endpoint: what stays of it has none', async () => {
  const { id } = await create();
  expect((await fixture.store.endpoints.get('default', id))?.secrets).not.toEqual([]);
  await fixture.succeed('endpoints.delete', { params: { id } });
  expect(await fixture.store.endpoints.get('default', id)).toMatchObject({ status: 'revoked', secrets: [] });
});

it('refuses more endpoints than a tenant may have', async () => {
  const small = await ApiFixture.open({ settings: { maxEndpoints: 1 } });
  const body = { url: 'https://example.com/', events: ['*'] };
  await small.succeed('endpoints.create', { body });
  expect(await small.refused('endpoints.create', { body })).toMatchObject({ type: '/problems/too-many-endpoints' });
  small.close();
});
