import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { oneLatency } from '../../../lib/domain/latencies.ts';
import { NO_USAGE } from '../../../lib/domain/usage.ts';
import { RecordMaker, planted } from '../../support/records.ts';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

const URL_BODY = { url: 'https://example.com/hooks', events: ['*'] };
const NONE = { visible: 0, in_flight: 0, delayed: 0 };

let fixture: ApiFixture;
let make: RecordMaker;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  make = new RecordMaker(fixture.clock);
});
afterEach(() => fixture.close());

const of = (tenantId: string) => ({ headers: { 'postrider-tenant': tenantId } });
const endpointOf = async (tenantId: string): Promise<string> =>
  (await fixture.succeed('endpoints.create', { ...of(tenantId), body: URL_BODY })).id;
const fail = (tenantId: string, endpointId: string) =>
  fixture.store.health.countFailure({ tenantId, endpointId, generation: 1, at: fixture.clock.now(), statusCode: 500 });
const pause = (tenantId: string, id: string) => fixture.succeed('endpoints.pause', { ...of(tenantId), params: { id } });
const plant = (changes: Partial<Delivery>) =>
  fixture.store.deliveries.writeUnlessSuperseded(planted(make.delivery(changes)));

describe('the endpoints in trouble', () => {
  const listed = async (state: string) => {
    const { data } = await fixture.succeed('ops.endpoints', { query: { state } });
    return data.map((row: { tenant_id: string; endpoint: { id: string } }) => `${row.tenant_id} ${row.endpoint.id}`);
  };

  it('are found across tenants: failing, paused, and those that hold deliveries', async () => {
    const [failing, paused, holding] = [await endpointOf('a'), await endpointOf('b'), await endpointOf('c')];
    await endpointOf('a');
    await fail('a', failing);
    await pause('b', paused);
    await pause('c', holding);
    await plant({ tenantId: 'c', endpointId: holding, status: 'held', statusReason: 'paused', heldAt: 1, checkAt: 1 });
    expect(await listed('failing')).toEqual([`a ${failing}`]);
    expect(await listed('paused')).toEqual([`b ${paused}`, `c ${holding}`]);
    expect(await listed('held')).toEqual([`c ${holding}`]);
    const { data } = await fixture.succeed('ops.endpoints');
    expect(data[0]).toMatchObject({
      tenant_id: 'a',
      endpoint: { id: failing, consecutive_failures: 1, last_status_code: 500 },
      failing_since: new Date(fixture.clock.now()).toISOString(),
      held: null,
    });
    const held = await fixture.succeed('ops.endpoints', { query: { state: 'held' } });
    expect(held.data[0].held).toEqual({ count: 1, capped: false });
  });

  it('leave when they recover, are resumed, edited or deleted', async () => {
    const [one, two, three] = [await endpointOf('a'), await endpointOf('a'), await endpointOf('a')];
    for (const id of [one, two, three]) await fail('a', id);
    const note = { tenantId: 'a', endpointId: one, generation: 1, at: fixture.clock.now() };
    await fixture.store.health.clearFailures(note);
    await fixture.succeed('endpoints.update', { ...of('a'), params: { id: two }, body: { label: 'x' } });
    await fixture.succeed('endpoints.delete', { ...of('a'), params: { id: three } });
    expect(await listed('failing')).toEqual([]);
    await pause('a', one);
    expect(await listed('paused')).toEqual([`a ${one}`]);
    await fixture.succeed('endpoints.resume', { ...of('a'), params: { id: one } });
    expect(await listed('paused')).toEqual([]);
  });

  it('come page by page, each once', async () => {
    const ids = [];
    for (let n = 0; n < 5; n += 1) {
      const id = await endpointOf(`t${n}`);
      ids.push(id);
      await fail(`t${n}`, id);
    }
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor !== undefined && { cursor }) };
      const page = await fixture.succeed('ops.endpoints', { query });
      found.push(...page.data.map((row: { endpoint: { id: string } }) => row.endpoint.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(ids);
    const { next_cursor: other } = await fixture.succeed('ops.endpoints', { query: { limit: '2' } });
    const crossed = await fixture.refused('ops.endpoints', { query: { state: 'paused', cursor: other } });
    expect(crossed.type).toBe('/problems/invalid-cursor');
  });
});

describe('the overview', () => {
  it('counts messages, troubled endpoints, and names the oldest overdue delivery and the brake', async () => {
    const now = fixture.clock.now();
    const empty = await fixture.succeed('ops.overview');
    expect(empty).toEqual({
      at: new Date(now).toISOString(),
      queues: { deliveries: NONE, retries: NONE, slow: NONE, jobs: NONE, exhausted: NONE, poison: NONE },
      oldest_due_at: null,
      swept_until: null,
      braked_at: null,
      troubled: { failing: { count: 0, capped: false }, paused: { count: 0, capped: false } },
    });
    await fail('a', await endpointOf('a'));
    await pause('b', await endpointOf('b'));
    await fixture.succeed('brake.set');
    const { queues } = fixture.store;
    await queues.send('exhausted', [{ body: '{}', group: 'a' }]);
    await queues.send('retries', [{ body: '{}', group: 'a', delaySeconds: 60 }]);
    const wait = { status: 'retrying', checkAt: now - 60_000 } as const;
    await plant({ ...wait, dueAt: now - 900_000 });
    await plant({ ...wait, dueAt: now - 950_000 });
    await plant({ ...wait, dueAt: now - 990_000, statusReason: 'rate_limited' });
    const full = await fixture.succeed('ops.overview');
    expect(full).toMatchObject({
      queues: { exhausted: { ...NONE, visible: 1 }, retries: { ...NONE, delayed: 1 }, poison: NONE },
      oldest_due_at: new Date(now - 950_000).toISOString(),
      braked_at: new Date(now).toISOString(),
      troubled: { failing: { count: 1, capped: false }, paused: { count: 1, capped: false } },
    });
  });
});

describe('a redrive', () => {
  const redrive = (queue: string, body?: object) =>
    fixture.succeed('ops.redrive', { params: { queue }, ...(body && { body }) });

  it('moves exhausted deliveries to retries, as many as were asked for', async () => {
    const { queues } = fixture.store;
    await queues.send(
      'exhausted',
      [1, 2, 3].map((n) => ({ body: `{"n":${n}}`, group: 'a' })),
    );
    expect(await redrive('exhausted', { limit: 2 })).toEqual({
      moved: { deliveries: 0, retries: 2, slow: 0, jobs: 0 },
      kept: [],
      more: true,
    });
    expect(await redrive('exhausted')).toMatchObject({ moved: { retries: 1 }, more: false });
    expect(await queues.counts('retries')).toMatchObject({ visible: 3 });
  });

  it('keeps poison that it can’t read, and says why', async () => {
    await fixture.store.queues.send('poison', [{ body: 'no message of ours', group: 'a' }]);
    const { kept, moved } = await redrive('poison');
    expect(kept).toEqual([{ message_id: expect.any(String), why: expect.stringMatching(/./) }]);
    expect(moved).toEqual({ deliveries: 0, retries: 0, slow: 0, jobs: 0 });
  });

  it.each([
    ['deliveries', {}, 404],
    ['exhausted', { limit: 0 }, 422],
    ['exhausted', { limit: 201 }, 422],
  ])('of %s with %j is refused', async (queue, body, status) => {
    expect((await fixture.refused('ops.redrive', { params: { queue }, body })).status).toBe(status);
  });
});

it('usage of all tenants is their sum over the days, a page of tenants at a time', async () => {
  for (const [id, events] of [
    ['a', 3],
    ['b', 5],
  ] as const) {
    const quota = id === 'b' && { events_per_second: 7 };
    await fixture.succeed('tenants.create', { body: { id, name: `Tenant ${id}`, ...quota } });
    for (const day of ['2026-01-01', '2026-01-02']) await fixture.store.usage.add(id, day, { ...NO_USAGE, events });
  }
  const query = { since: '2026-01-01', until: '2026-01-02' };
  const { data, ...range } = await fixture.succeed('ops.usage', { query });
  expect(range).toEqual({ ...query, next_cursor: null });
  expect(data).toMatchObject([
    { tenant_id: 'a', name: 'Tenant a', events_per_second: null, events: 6, delivered: 0 },
    { tenant_id: 'b', events_per_second: 7, events: 10 },
  ]);
  const first = await fixture.succeed('ops.usage', { query: { ...query, limit: '1' } });
  const next = await fixture.succeed('ops.usage', { query: { ...query, limit: '1', cursor: first.next_cursor } });
  expect([first.data[0].tenant_id, next.data[0].tenant_id]).toEqual(['a', 'b']);
  const long = await fixture.refused('ops.usage', { query: { since: '2026-01-01', until: '2026-02-28' } });
  expect(long.errors?.[0]?.message).toContain('31 days at most');
});

it('usage says how long first attempts waited and requests took, by the steps that have any', async () => {
  await fixture.succeed('tenants.create', { body: { id: 'a' } });
  const latencies = { firstAttempts: oneLatency(7), requests: oneLatency(400_000) };
  for (const day of ['2026-01-01', '2026-01-02']) await fixture.store.usage.add('a', day, { ...NO_USAGE, latencies });
  const { data } = await fixture.succeed('ops.usage', { query: { since: '2026-01-01', until: '2026-01-02' } });
  expect(data).toMatchObject([
    { first_attempts: [{ within_ms: 10, count: 2 }], requests: [{ within_ms: null, count: 2 }] },
  ]);
});

it('the jobs of all tenants are the unfinished ones, newest first', async () => {
  const ids = [];
  for (const tenantId of ['a', 'b']) {
    await endpointOf(tenantId);
    const { id } = await fixture.succeed('events.post', { ...of(tenantId), body: { type: 'a.b', data: {} } });
    ids.unshift((await fixture.succeed('events.replay', { ...of(tenantId), params: { id } })).id);
    await fixture.clock.advance(1);
  }
  const { data } = await fixture.succeed('ops.jobs');
  expect(data).toMatchObject([
    { tenant_id: 'b', job: { id: ids[0], kind: 'replay', status: 'running' } },
    { tenant_id: 'a', job: { id: ids[1] } },
  ]);
  await fixture.succeed('jobs.cancel', { ...of('b'), params: { id: ids[0] } });
  expect((await fixture.succeed('ops.jobs')).data).toHaveLength(1);
});

it('the settings in force are those of the deployment', async () => {
  fixture.close();
  fixture = await ApiFixture.open({ settings: { maxApiKeys: 7, requireMfa: true } });
  const { data } = await fixture.succeed('ops.settings');
  const valueOf = (name: string) => data.find((one: { name: string }) => one.name === name)?.value;
  expect(['max_api_keys', 'require_mfa', 'log_ttl', 'console_url'].map(valueOf)).toEqual([7, true, 30, null]);
});

it('a tenant’s key reaches none of it', async () => {
  for (const id of ['ops.overview', 'ops.endpoints', 'ops.usage', 'ops.jobs', 'ops.settings'] as const) {
    expect((await fixture.refused(id, { key: ACME_KEY })).status).toBe(403);
  }
});
