import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const create = (more: object = {}) =>
  fixture.succeed('endpoints.create', { body: { url: 'https://example.com/hooks', events: ['task.*'], ...more } });

it.each([
  [{ type: 'bearer', token: 'a-token' }, 'authorization'],
  [{ type: 'basic', username: 'me', password: 'pässword' }, 'authorization'],
  [{ type: 'header', name: 'X-Api-Key', value: 'a key' }, 'x-api-key'],
])('takes %j, shows its type and its header, and lets it go', async (auth, header) => {
  const shown = { type: auth.type, header };
  const { id, auth: created } = await create({ auth });
  expect(created).toEqual(shown);
  const patch = (body: object) => fixture.succeed('endpoints.update', { params: { id }, body });
  expect(await patch({ label: 'x' })).toMatchObject({ auth: shown });
  expect(await patch({ auth: null })).toMatchObject({ auth: null });
  expect(await patch({ auth })).toMatchObject({ auth: shown });
});

it.each([
  [{ type: 'bearer', token: 'with space' }, 'auth.token'],
  [{ type: 'basic', username: 'a:b', password: 'x' }, 'auth.username'],
  [{ type: 'header', name: 'Webhook-Signature', value: 'x' }, 'auth'],
  [{ type: 'header', name: 'Host', value: 'x' }, 'auth'],
  [{ type: 'header', name: 'Ventryx-Event', value: 'x' }, 'auth'],
  [{ type: 'header', name: 'X-Key', value: 'a\r\nb: c' }, 'auth'],
  [{ type: 'header', name: 'X-Key', value: 'ключ' }, 'auth'],
  [{ type: 'digest' }, 'auth.type'],
  [{ type: 'bearer', token: 'x', also: 1 }, 'auth.also'],
])('refuses %j and changes nothing', async (auth, field) => {
  const { id } = await create();
  const problem = await fixture.refused('endpoints.update', { params: { id }, body: { auth, label: 'x' } });
  expect(problem.status).toBe(422);
  expect(problem.errors?.[0]?.field).toBe(field);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ label: null, generation: 1 });
});

it('refuses a header that is given twice, as a header and to authenticate with', async () => {
  const body = { headers: { Authorization: 'x' }, auth: { type: 'bearer', token: 'x' }, url: 'https://example.com/' };
  const problem = await fixture.refused('endpoints.create', { body: { ...body, events: ['*'] } });
  expect(problem.errors?.[0]?.message).toContain('not in both');
});

it.each([
  [{ headers: { 'X-Key': 'a' } }, { auth: { type: 'header', name: 'x-key', value: 'b' } }],
  [{ auth: { type: 'bearer', token: 'b' } }, { headers: { Authorization: 'a', 'x-other': 'c' } }],
])('refuses it too when the two come by one edit after the other: %j, then %j', async (first, second) => {
  const { id } = await create();
  await fixture.succeed('endpoints.update', { params: { id }, body: first });
  const problem = await fixture.refused('endpoints.update', { params: { id }, body: second });
  expect(problem).toMatchObject({ status: 422, type: '/problems/invalid-request' });
  expect(problem.detail).toMatch(/in `headers` and in `auth`: remove one of them/);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ generation: 2 });
  // Other edits are none of its business, and one that removes the first is what it asks for.
  await fixture.succeed('endpoints.update', { params: { id }, body: { label: 'x' } });
  const without = 'auth' in first ? { auth: null } : { headers: {} };
  await fixture.succeed('endpoints.update', { params: { id }, body: { ...second, ...without } });
});

it('rotates the secret, shows the new one once, and says when the old one ends', async () => {
  const { id, signing_secret: old, secrets } = await create();
  const rotated = await fixture.succeed('endpoints.rotate-secret', { params: { id } });
  expect(rotated).toMatchObject({
    generation: 1,
    secrets: [{ expires_at: null }, { expires_at: '2026-01-02T00:00:00.000Z' }],
  });
  expect(rotated.secrets[1].fingerprint).toBe(secrets[0].fingerprint);
  expect(rotated.signing_secret).toMatch(/^whsec_/);
  expect(rotated.signing_secret).not.toBe(old);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).not.toHaveProperty('signing_secret');
});

it('lists what signs: where only brought secrets do, one that was made is none of them', async () => {
  const { id, secrets } = await create({ dialect: 'vellum' });
  expect(secrets).toEqual([]);
  const body = { signing_secret: 'a secret of theirs' };
  const rotated = await fixture.succeed('endpoints.rotate-secret', { params: { id }, body });
  expect(rotated.secrets).toMatchObject([{ use: 'signing', expires_at: null }]);
  // It signs the headers of Standard Webhooks, until those have one of their own.
  expect((await create({ dialect: 'vellum', also_standard: true })).secrets).toHaveLength(1);
});

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const PREVIOUS = `whsec_${Buffer.alloc(24, 2).toString('base64')}`;
const HOUR_LATER = '2026-01-01T01:00:00Z';
const previous = (more: object = {}) => ({
  signing_secret: SECRET,
  previous_secret: { signing_secret: PREVIOUS, expires_at: HOUR_LATER, ...more },
});

it('an endpoint that moves in during a rotation keeps its previous secret until it ends, and no longer', async () => {
  const call = {
    body: { url: 'https://example.com', events: ['*'], ...previous() },
    headers: { 'idempotency-key': 'k' },
  };
  const made = await fixture.succeed('endpoints.create', call);
  expect(made).toMatchObject({
    signing_secret: SECRET,
    secrets: [{ expires_at: null }, { expires_at: '2026-01-01T01:00:00.000Z' }],
  });
  expect(JSON.stringify(made)).not.toContain(PREVIOUS);
  expect(await fixture.succeed('endpoints.create', call)).toMatchObject({ id: made.id, signing_secret: SECRET });
  await fixture.clock.advance(3_600_000);
  const [settled] = [await create(previous())];
  expect(settled.secrets).toMatchObject([{ expires_at: null }]);
});

it.each([
  ['a dialect with one signature', { dialect: 'vem', ...previous() }, 'has one signature'],
  ['its form', previous({ signing_secret: 'a text' }), 'previous_secret.signing_secret must be whsec_'],
  [
    'its form beside a dialect',
    { dialect: 'vem', also_standard: true, ...previous({ signing_secret: 'a' }) },
    'must be',
  ],
  ['its end', previous({ expires_at: '2026-02-01T00:00:00Z' }), 'at most 30 days'],
  ['no end', previous({ expires_at: undefined }), '`previous_secret.expires_at`'],
  ['a day as its end', previous({ expires_at: '2026-01-02' }), '`previous_secret.expires_at`'],
])('refuses a previous secret for %s, on trial too, and makes nothing', async (_, more, words) => {
  const body = { url: 'https://example.com', events: ['*'], ...more };
  for (const route of ['endpoints.validate', 'endpoints.create'] as const) {
    const problem = await fixture.refused(route, { body });
    expect(problem).toMatchObject({ status: 422, detail: expect.stringContaining(words) });
    expect(problem.errors?.[0]?.field).toMatch(/^previous_secret/);
  }
  expect((await fixture.succeed('endpoints.list')).data).toEqual([]);
});

it('takes a previous secret beside a dialect with one signature for the headers of Standard Webhooks', async () => {
  const { secrets } = await create({ dialect: 'vem', also_standard: true, ...previous() });
  expect(secrets).toHaveLength(2);
});

it('a trial makes nothing, and claims no key', async () => {
  await fixture.succeed('endpoints.validate', { body: { url: 'https://example.com', events: ['*'] } });
  expect((await fixture.succeed('endpoints.list')).data).toEqual([]);
  expect((await fixture.succeed('audit-log.list')).data).toEqual([]);
});

it.each([
  [{ signing_secret: 'whsec_c2hvcnQ=' }, 'invalid-secret'],
  [{ signing_secret: 'guess' }, 'invalid-secret'],
  [{ activate_in_seconds: 1 }, 'invalid-request'],
  [{ overlap_seconds: -1 }, 'invalid-request'],
  [{ overlap_seconds: 31 * 86_400 }, 'invalid-request'],
  [{ use: 'other' }, 'invalid-request'],
  [{ unknown: 1 }, 'invalid-request'],
])('refuses the rotation %j and keeps the secret', async (body, code) => {
  const { id, secrets } = await create();
  const problem = await fixture.refused('endpoints.rotate-secret', { params: { id }, body });
  expect(problem).toMatchObject({ status: 422, type: `/problems/${code}` });
  if (code === 'invalid-secret') expect(problem.errors?.map(({ field }) => field)).toEqual(['signing_secret']);
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ secrets });
});

it('shows what verifies asymmetric signatures, once they are on', async () => {
  const { id } = await create();
  const call = { params: { id } };
  expect(await fixture.refused('endpoints.public-key', call)).toMatchObject({ status: 409 });
  const { secrets } = await fixture.succeed('endpoints.update', { ...call, body: { asymmetric_signing: true } });
  const first = await fixture.succeed('endpoints.public-key', call);
  expect(first.public_key).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  expect(secrets[1]).toMatchObject({ use: 'asymmetric', fingerprint: first.public_keys[0].fingerprint });
  const rotated = await fixture.succeed('endpoints.rotate-secret', { ...call, body: { use: 'asymmetric' } });
  expect(rotated).not.toHaveProperty('signing_secret');
  const both = await fixture.succeed('endpoints.public-key', call);
  expect(both.public_keys).toHaveLength(2);
  expect(both.public_keys[1].public_key).toBe(first.public_key);
  const owned = { ...call, body: { use: 'asymmetric', signing_secret: 'x' } };
  expect(await fixture.refused('endpoints.rotate-secret', owned)).toMatchObject({ status: 422 });
});

it('revokes for good, however often it is called', async () => {
  const { id } = await create({ url: 'https://example.com/hooks?token=t', auth: { type: 'bearer', token: 'x' } });
  const revoked = {
    status: 'revoked',
    status_reason: 'manual',
    secrets: [],
    auth: null,
    url: 'https://example.com/hooks',
  };
  for (let nth = 0; nth < 2; nth += 1) {
    expect(await fixture.succeed('endpoints.revoke', { params: { id } })).toMatchObject(revoked);
  }
  for (const call of ['pause', 'resume', 'enable', 'disable', 'rotate-secret'] as const) {
    expect(await fixture.refused(`endpoints.${call}`, { params: { id } })).toMatchObject({ status: 409 });
  }
});

it('a creation that is repeated after a rotation shows no secret', async () => {
  const call = { body: { url: 'https://example.com', events: ['*'] }, headers: { 'idempotency-key': 'k' } };
  const { id } = await fixture.succeed('endpoints.create', call);
  await fixture.clock.advance(1000);
  await fixture.succeed('endpoints.rotate-secret', { params: { id }, body: { overlap_seconds: 0 } });
  expect(await fixture.refused('endpoints.create', call)).toMatchObject({ status: 409 });
});
