import { afterEach, expect, it } from 'vitest';
import { ServiceFault } from '../../lib/domain/errors.ts';
import { AUDIT_MS, type AuditLog } from '../../lib/ports/audit-log.ts';
import { ACME_KEY, ApiFixture, READER_KEY } from './fixture.ts';

const BODY = { url: 'https://example.com/hooks', events: ['*'] };
const DAY = 86_400_000;

let fixture: ApiFixture;
afterEach(() => fixture.close());

/** A fixture whose audit log has these calls in the place of its own. */
async function openWith(make: (audit: AuditLog) => Partial<AuditLog>): Promise<void> {
  const held: { audit?: AuditLog } = {};
  const present = () => held.audit as AuditLog;
  // The same store, with another port before it.
  const audit: AuditLog = {
    write: (line) => present().write(line),
    conclude: (line, conclusion) => present().conclude(line, conclusion),
    page: (owner, range) => present().page(owner, range),
  };
  fixture = await ApiFixture.open({ ports: { audit } });
  const { audit: stored } = fixture.store;
  const bound: AuditLog = {
    write: (line) => stored.write(line),
    conclude: (line, conclusion) => stored.conclude(line, conclusion),
    page: (owner, range) => stored.page(owner, range),
  };
  held.audit = { ...bound, ...make(stored) };
}

const fails = () => Promise.reject(new ServiceFault('throttled'));
const linesOf = async (query = {}) => (await fixture.succeed('audit-log.list', { key: ACME_KEY, query })).data;

it('makes no change of which it cannot write that it is intended', async () => {
  await openWith(() => ({ write: fails }));
  expect((await fixture.call('endpoints.create', { key: ACME_KEY, body: BODY })).status).toBe(503);
  expect((await fixture.succeed('endpoints.list', { key: ACME_KEY })).data).toEqual([]);
});

it('writes that a change is intended before it is made', async () => {
  const order: string[] = [];
  await openWith((audit) => ({
    write: async (line) => {
      order.push(`write ${line.outcome}`);
      await audit.write(line);
    },
    conclude: async (line, conclusion) => {
      order.push(`conclude ${conclusion.outcome}`);
      await audit.conclude(line, conclusion);
    },
  }));
  const { endpoints } = fixture.store;
  const create = endpoints.createUnlessExists.bind(endpoints);
  endpoints.createUnlessExists = (endpoint) => (order.push('create'), create(endpoint));
  await fixture.succeed('endpoints.create', { key: ACME_KEY, body: BODY });
  expect(order).toEqual(['write undefined', 'create', 'conclude done']);
});

it('answers a change that was made, whatever becomes of its line, which then has the outcome unknown', async () => {
  await openWith(() => ({ conclude: fails }));
  await fixture.succeed('endpoints.create', { key: ACME_KEY, body: BODY });
  expect(fixture.lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'api.audit-unconcluded' }));
  expect(await linesOf()).toMatchObject([{ action: 'endpoints.create', outcome: 'unknown', code: null }]);
  expect(await linesOf({ outcome: 'unknown' })).toHaveLength(1);
  expect(await linesOf({ outcome: 'done' })).toEqual([]);
});

it('says that a change failed when the fault is ours', async () => {
  await openWith(() => ({}));
  Object.assign(fixture.store.endpoints, { createUnlessExists: fails });
  expect((await fixture.call('endpoints.create', { key: ACME_KEY, body: BODY })).status).toBe(503);
  expect(await linesOf()).toMatchObject([{ action: 'endpoints.create', outcome: 'failed', target: null }]);
});

it('refuses all the same when the refusal cannot be written', async () => {
  await openWith(() => ({ write: fails }));
  const body = { name: 'x' };
  expect((await fixture.call('api-keys.create', { key: READER_KEY, body })).status).toBe(403);
  expect(fixture.lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'api.refusal-unaudited' }));
});

it('has no line of a refused call that is not sensitive, nor of one without a key', async () => {
  await openWith(() => ({}));
  await fixture.call('endpoints.create', { key: READER_KEY, body: BODY });
  await fixture.call('endpoints.create', { key: ACME_KEY, body: { url: 'https://example.com/hooks' } });
  await fixture.call('api-keys.create', { key: null, body: { name: 'x' } });
  await fixture.call('api-keys.create', { key: 'prk_unknown', body: { name: 'x' } });
  expect(await linesOf()).toEqual([]);
});

it('keeps a line for 400 days', async () => {
  await openWith(() => ({}));
  await fixture.succeed('endpoints.create', { key: ACME_KEY, body: BODY });
  await fixture.clock.advance(400 * DAY - 1);
  await fixture.store.purgeExpired(100);
  expect(AUDIT_MS).toBe(400 * DAY);
  expect(await linesOf()).toHaveLength(1);
  await fixture.clock.advance(2);
  expect(await linesOf()).toEqual([]);
  await fixture.store.purgeExpired(100);
  expect(await fixture.store.audit.page('acme', { since: 0, limit: 10 })).toEqual([]);
});

it('reads 2,000 lines a call at most, and says where to go on', async () => {
  await openWith(() => ({}));
  const { audit } = fixture.store;
  const write = (n: number, action: string) =>
    audit.write({
      id: `aud_${String(n).padStart(26, '0')}`,
      tenantId: 'acme',
      at: fixture.clock.now(),
      action,
      keyId: 'key_1',
      requestId: 'r',
    });
  await Promise.all(Array.from({ length: 2001 }, (_, n) => write(n, n === 0 ? 'rare' : 'common')));
  const list = (query: object) =>
    fixture.succeed('audit-log.list', { key: ACME_KEY, query: { action: 'rare', ...query } });
  const first = await list({});
  expect(first.data).toEqual([]);
  expect(first.next_cursor).not.toBeNull();
  const second = await list({ cursor: first.next_cursor });
  expect(second).toMatchObject({ data: [{ action: 'rare' }], next_cursor: null });
  expect((await fixture.refused('audit-log.list', { key: ACME_KEY, query: { cursor: first.next_cursor } })).type).toBe(
    '/problems/invalid-cursor',
  );
});
