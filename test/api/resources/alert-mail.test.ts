import { afterEach, beforeEach, expect, test } from 'vitest';
import { MOST_CODES_A_DAY } from '../../../lib/domain/alert-address.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { OPERATIONAL_TYPES } from '../../../lib/domain/operational-event.ts';
import { ACME_KEY, ApiFixture, READER_KEY } from '../fixture.ts';

const HOUR = 3_600_000;
const ADDRESS = 'ops@example.com';
const OFF = {
  available: true,
  status: 'off',
  address: null,
  types: [],
  confirmed_at: null,
  code_expires_at: null,
};

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const ofAcme = (body?: unknown) => ({ key: ACME_KEY, ...(body !== undefined && { body }) });
const get = () => fixture.succeed('alert-mail.get', ofAcme());
const set = (body: object) => fixture.succeed('alert-mail.set', ofAcme(body));
const confirm = (code: string) => fixture.succeed('alert-mail.confirm', ofAcme({ code }));

test('an address counts once the code that was mailed to it has come back', async () => {
  expect(await get()).toEqual(OFF);
  const waiting = await set({ address: ADDRESS });
  expect(waiting).toMatchObject({ status: 'unconfirmed', address: ADDRESS, types: [...OPERATIONAL_TYPES] });
  expect(waiting.code_expires_at).toBe(new Date(fixture.clock.now() + 24 * HOUR).toISOString());
  expect(fixture.outbox.mails).toMatchObject([{ to: ADDRESS }]);
  const code = fixture.outbox.codeFor(ADDRESS);
  const confirmed = await confirm(code.toUpperCase().replaceAll('-', ' '));
  expect(confirmed).toMatchObject({ status: 'on', code_expires_at: null });
  expect(await get()).toEqual(confirmed);
});

test('the code is in no answer and not in the store', async () => {
  const answers = [await set({ address: ADDRESS }), await get()];
  const code = fixture.outbox.codeFor(ADDRESS);
  expect(code).toMatch(/^\w{4}(-\w{4}){3}$/);
  const stored = await fixture.store.alertAddresses.get('acme');
  expect(JSON.stringify([...answers, stored])).not.toContain(code);
});

test('a wrong code, an old one and one of 24 hours ago are refused, with what to do', async () => {
  await set({ address: ADDRESS });
  const first = fixture.outbox.codeFor(ADDRESS);
  await set({ address: ADDRESS });
  const second = fixture.outbox.codeFor(ADDRESS);
  for (const code of ['nonsense', first]) {
    const refused = await fixture.refused('alert-mail.confirm', ofAcme({ code }));
    expect(refused).toMatchObject({ status: 422, errors: [{ field: 'code' }] });
  }
  await fixture.clock.advance(24 * HOUR);
  expect((await fixture.refused('alert-mail.confirm', ofAcme({ code: second }))).status).toBe(422);
  expect(await get()).toMatchObject({ status: 'unconfirmed', code_expires_at: null });
});

test('a code is good for its own address and tenant only, and once', async () => {
  await set({ address: 'one@example.com' });
  await set({ address: 'two@example.com' });
  const refused = await fixture.refused(
    'alert-mail.confirm',
    ofAcme({ code: fixture.outbox.codeFor('one@example.com') }),
  );
  expect(refused.status).toBe(422);
  const code = fixture.outbox.codeFor('two@example.com');
  const other = { headers: { 'postrider-tenant': 'other' }, body: { code } };
  expect(await fixture.refused('alert-mail.confirm', other)).toMatchObject({ type: '/problems/wrong-state' });
  await confirm(code);
  expect(await fixture.refused('alert-mail.confirm', ofAcme({ code }))).toMatchObject({
    type: '/problems/wrong-state',
  });
});

test('other kinds of alerts need no new code, another address does', async () => {
  await set({ address: ADDRESS });
  await confirm(fixture.outbox.codeFor(ADDRESS));
  const types = ['postrider.delivery.exhausted', 'postrider.endpoint.paused', 'postrider.delivery.exhausted'];
  expect(await set({ address: ADDRESS, types })).toMatchObject({
    status: 'on',
    types: ['postrider.endpoint.paused', 'postrider.delivery.exhausted'],
  });
  expect(fixture.outbox.mails).toHaveLength(1);
  expect(await set({ address: 'other@example.com' })).toMatchObject({ status: 'unconfirmed', confirmed_at: null });
  expect(fixture.outbox.mails).toHaveLength(2);
});

test('at most ten codes are mailed for a tenant in 24 hours, to whatever addresses', async () => {
  for (let n = 0; n < MOST_CODES_A_DAY; n += 1) {
    await set({ address: `stranger-${n}@example.com` });
    await fixture.succeed('alert-mail.remove', ofAcme());
    await fixture.clock.advance(HOUR);
  }
  const refused = await fixture.refused('alert-mail.set', ofAcme({ address: ADDRESS }));
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': String(14 * 3600) } });
  expect(fixture.outbox.calls).toBe(MOST_CODES_A_DAY);
  await fixture.clock.advance(14 * HOUR);
  await set({ address: ADDRESS });
  await fixture.refused('alert-mail.set', ofAcme({ address: 'next@example.com' }));
});

test('a crowd of calls at the same moment mails no more than that', async () => {
  const calls = Array.from({ length: 30 }, (_, n) =>
    fixture.call('alert-mail.set', ofAcme({ address: `stranger-${n}@example.com` })),
  );
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses.every((status) => [200, 409, 429].includes(status))).toBe(true);
  expect(fixture.outbox.calls).toBeLessThanOrEqual(MOST_CODES_A_DAY);
});

test('a mail that is not taken is counted, and the call can be repeated', async () => {
  fixture.outbox.refusals.push(new ServiceFault('SMTP: the server did not answer in time'));
  expect((await fixture.call('alert-mail.set', ofAcme({ address: ADDRESS }))).status).toBe(503);
  expect(await get()).toMatchObject({ status: 'unconfirmed' });
  await set({ address: ADDRESS });
  await confirm(fixture.outbox.codeFor(ADDRESS));
  expect((await fixture.store.alertAddresses.get('acme'))?.askedAt).toHaveLength(2);
});

test('a removed address is gone, and gets nothing', async () => {
  await set({ address: ADDRESS });
  await confirm(fixture.outbox.codeFor(ADDRESS));
  expect(await fixture.succeed('alert-mail.remove', ofAcme())).toEqual(OFF);
  expect(await fixture.succeed('alert-mail.remove', ofAcme())).toEqual(OFF);
  expect(JSON.stringify(await fixture.store.alertAddresses.get('acme'))).not.toContain(ADDRESS);
});

test('what is no address, and kinds that there are not, are refused with their field', async () => {
  const bad = [
    { address: 'ops@example.com, other@example.com' },
    { address: 'ops@example.com\r\nBcc: other@example.com' },
    { address: `${'x'.repeat(300)}@example.com` },
    { address: ['ops@example.com'] },
    {},
    { address: ADDRESS, types: [] },
    { address: ADDRESS, types: ['postrider.*'] },
    { address: ADDRESS, types: ['task.completed'] },
    { address: ADDRESS, confirmed: true },
  ];
  for (const body of bad) expect((await fixture.refused('alert-mail.set', ofAcme(body))).status).toBe(422);
  expect(fixture.outbox.calls).toBe(0);
});

test('a deployment that sends no mail says so, and keeps no address', async () => {
  fixture.close();
  fixture = await ApiFixture.open({ sendsMail: false });
  expect(await get()).toEqual({ ...OFF, available: false });
  const refused = await fixture.refused('alert-mail.set', ofAcme({ address: ADDRESS }));
  expect(refused).toMatchObject({ type: '/problems/wrong-state', detail: expect.stringContaining('sends no mail') });
  expect(await fixture.store.alertAddresses.get('acme')).toBeUndefined();
});

test('it takes the scopes of endpoints, and is of the key’s tenant or the one that a platform key names', async () => {
  const refused = await fixture.refused('alert-mail.get', { key: READER_KEY });
  expect(refused.type).toBe('/problems/missing-scope');
  await fixture.succeed('alert-mail.set', { headers: { 'postrider-tenant': 'new' }, body: { address: ADDRESS } });
  expect(await get()).toEqual(OFF);
  expect(await fixture.store.tenants.get('new')).toMatchObject({ id: 'new' });
});
