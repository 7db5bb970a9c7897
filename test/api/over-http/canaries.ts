import { getPublicKeyAsync } from '@noble/ed25519';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller, newTenant } from './caller.ts';
import type { Target } from './target.ts';
import { codeAt } from './totp.ts';

/**
 * Secrets that the service hands out or takes in. None may be found again in what it stores, logs or answers later: each
 * is shown by one answer. A canary that never arrived shows nothing, so that each is used first.
 */
export function describeCanaries(name: string, start: () => Promise<Target>): void {
  describe(`secrets, ${name}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    it('are in no store, no log line and no later answer', async () => {
      const caller = await newTenant(target, undefined, 'canaries');
      const canaries = await plant(caller, target);
      const answers = await readEverything(caller);
      const places = { store: await target.dump(), log: target.logged(), answers };

      // What is not secret is found: the search looks in the right places.
      expect(places.store).toContain('canaries');
      expect(places.store).toContain(caller.key.slice(0, 12));
      expect(places.answers).toContain(caller.keyId);
      for (const [kind, secret] of Object.entries(canaries)) {
        expect(secret.length, kind).toBeGreaterThanOrEqual(12);
        for (const [place, text] of Object.entries(places)) {
          for (const form of formsOf(secret)) expect(text.includes(form), `${kind} in the ${place}`).toBe(false);
        }
      }
    });
  });
}

/** Each secret is made through the API, and then shown to work. */
async function plant(caller: Caller, target: Target): Promise<Record<string, string>> {
  const made = await caller.make('POST', '/v1/api-keys', { name: 'canary' });
  const rotated = await caller.make('POST', `/v1/api-keys/${made.id}/rotate`);
  for (const { secret } of [made, rotated]) {
    const { status } = await fetch(`${target.url}/v1/endpoints`, { headers: { authorization: `Bearer ${secret}` } });
    expect(status).toBe(200);
  }
  const session = await caller.make('POST', '/v1/portal/sessions', { user: 'ada' });
  const unopened = await caller.make('POST', '/v1/portal/sessions', { user: 'ada' });
  const { token: sessionToken } = await new Caller(target, session.code).make('POST', '/v1/portal/sessions/exchange');
  await new Caller(target, session.code).send({ method: 'POST', path: '/v1/portal/sessions/exchange' });
  await new Caller(target, sessionToken).make('GET', '/v1/portal/session');
  const own = `whsec_${Buffer.from('a signing secret that the customer brings').toString('base64')}`;
  const url = 'https://example.com/hooks';
  const generated = await caller.make('POST', '/v1/endpoints', { url, events: ['*'] });
  const previous = `whsec_${Buffer.from('the one that the customer had before').toString('base64')}`;
  const brought = await caller.make('POST', '/v1/endpoints', {
    url,
    events: ['*'],
    signing_secret: own,
    previous_secret: { signing_secret: previous, expires_at: new Date(target.now() + 3_600_000).toISOString() },
  });
  expect(brought.signing_secret).toBe(own);
  expect(brought.secrets).toHaveLength(2);

  const ownNext = `whsec_${Buffer.from('another one that the customer brings').toString('base64')}`;
  const next = await rotate(caller, generated.id);
  expect((await rotate(caller, brought.id, { signing_secret: ownNext })).signing_secret).toBe(ownNext);
  const beside = {
    url,
    events: ['*'],
    dialect: 'vem',
    also_standard: true,
    signing_secret: 'a-canary-in-a-single-header',
  };
  const { id: doubleId, standard_signing_secret: standardSecret } = await caller.make('POST', '/v1/endpoints', beside);
  const { standard_signing_secret: standardNext } = await rotate(caller, doubleId, { use: 'standard' });
  const asymmetric = await caller.make('POST', '/v1/endpoints', { url, events: ['*'], asymmetric_signing: true });
  const privateKeys = [await privateKeyOf(caller, target, asymmetric.id)];
  await rotate(caller, asymmetric.id, { use: 'asymmetric', overlap_seconds: 0 });
  privateKeys.push(await privateKeyOf(caller, target, asymmetric.id));

  const hidden = {
    'a header’s value': 'canary-value-of-a-header',
    'an edited header’s value': 'canary-value-of-an-edited-header',
    'a bearer token': 'canary-token-of-a-bearer',
    'a password': 'canary-password-of-basic',
    'an API key of the customer’s': 'canary-key-in-a-header',
  };
  const [header, edited, token, password, value] = Object.values(hidden);
  const withHeaders = { url, events: ['*'], headers: { 'x-canary': header } };
  const headed = await caller.make('POST', '/v1/endpoints', { ...withHeaders, auth: { type: 'bearer', token } });
  await edit(caller, headed.id, { headers: { 'x-canary': edited } });
  await edit(caller, brought.id, { auth: { type: 'basic', username: 'canary', password } });
  await edit(caller, generated.id, { auth: { type: 'header', name: 'x-key', value } });
  const inUrl = `${url}?token=canary-in-the-url`;
  const deleted = await caller.make('POST', '/v1/endpoints', {
    url: inUrl,
    events: ['*'],
    auth: { type: 'bearer', token },
  });
  expect(deleted.url).toBe(inUrl);
  expect(deleted.auth).toEqual({ type: 'bearer', header: 'authorization' });
  expect((await caller.send({ method: 'DELETE', path: `/v1/endpoints/${deleted.id}` })).status).toBe(204);

  const { secret } = await caller.make('POST', '/v1/mfa/enrol');
  const { recovery_codes: codes } = await caller.make('POST', '/v1/mfa/confirm', {
    code: codeAt(secret, target.now()),
  });
  await caller.make('POST', '/v1/mfa/step-up', { code: codes[0] });
  const { recovery_codes: renewed } = await caller.make('POST', '/v1/mfa/recovery-codes');
  const inHeader = { 'postrider-mfa': renewed[0] };
  await caller.make('POST', `/v1/endpoints/${asymmetric.id}/rotate-secret`, {}, inHeader);
  // A wrong code, and a key that is not one, are refused and logged.
  await caller.send({ method: 'POST', path: '/v1/mfa/step-up', body: { code: 'wrong-canary-code' } });
  const unknown = 'prk_canary-that-is-no-key';
  await fetch(`${target.url}/v1/endpoints`, { headers: { authorization: `Bearer ${unknown}` } });
  return {
    ...hidden,
    'the query of a deleted endpoint’s URL': 'canary-in-the-url',
    'the key of the caller': caller.key,
    'a new key': made.secret,
    'a rotated key': rotated.secret,
    'the used code of a session': session.code,
    'an unused code of a session': unopened.code,
    'the token of a session': sessionToken,
    'an unknown key': unknown,
    'a generated signing secret': generated.signing_secret,
    'a signing secret of the customer’s': own,
    'a previous signing secret': previous,
    'a rotated signing secret': next.signing_secret,
    'a rotated signing secret of the customer’s': ownNext,
    'a secret of a dialect with one header': 'a-canary-in-a-single-header',
    'a secret of the headers beside a dialect’s': standardSecret,
    'a rotated secret of those': standardNext,
    'a private key': privateKeys[0] as string,
    'a rotated private key': privateKeys[1] as string,
    'a renewed recovery code that was used in a header': renewed[0],
    'a renewed recovery code': renewed[1],
    'a TOTP secret': secret,
    'a used recovery code': codes[0],
    'an unused recovery code': codes[1],
    'a wrong code': 'wrong-canary-code',
  };
}

async function rotate(caller: Caller, id: string, body: object = {}) {
  return caller.make('POST', `/v1/endpoints/${id}/rotate-secret`, body);
}

/** No answer has it: it is made of the random bytes whose public key the endpoint shows. @returns `whsk_` and base64 */
async function privateKeyOf(caller: Caller, target: Target, id: string): Promise<string> {
  const { public_key: shown } = await caller.make('GET', `/v1/endpoints/${id}/public-key`);
  for (const seed of target.drawn().filter(({ length }) => length === 32)) {
    const publicKey = Buffer.from(await getPublicKeyAsync(seed)).toString('base64');
    if (shown.endsWith(publicKey)) return `whsk_${Buffer.from(seed).toString('base64')}`;
  }
  throw new Error('The private key was not drawn.');
}

async function edit(caller: Caller, id: string, body: object): Promise<void> {
  expect((await caller.send({ method: 'PATCH', path: `/v1/endpoints/${id}`, body })).status).toBe(200);
}

async function readEverything(caller: Caller): Promise<string> {
  const { data: endpoints } = await caller.make('GET', '/v1/endpoints');
  const paths = [
    '/v1/api-keys',
    '/v1/endpoints',
    '/v1/mfa',
    '/v1/audit-log',
    '/v1/events',
    '/v1/deliveries',
    '/v1/portal/sessions',
  ];
  const ofOne = endpoints.map(({ id }: { id: string }) => `/v1/endpoints/${id}`);
  const answers = [];
  for (const path of [...paths, ...ofOne]) answers.push(await caller.send({ method: 'GET', path }));
  const [{ id }] = endpoints;
  answers.push(await caller.send({ method: 'PATCH', path: `/v1/endpoints/${id}`, body: { label: 'x' } }));
  for (const { status } of answers) expect(status).toBe(200);
  return JSON.stringify(answers);
}

/** As it is, and as it could have been written by an encoding. */
function formsOf(secret: string): string[] {
  const bare = secret.replace(/^(?:pr[kcs]|whsec|whsk)_/, '');
  return [bare, Buffer.from(secret).toString('base64').replaceAll('=', ''), Buffer.from(secret).toString('hex')];
}
