import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { type DeliveryKey, deliveryId, parseDeliveryId } from '../../../lib/domain/ids.ts';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { takesKey } from '../../../lib/api/schemas/idempotency-key.ts';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { planted } from '../../support/records.ts';
import { ACME_KEY, ApiFixture, type Call } from '../fixture.ts';

const DAY_MS = 24 * 3600 * 1000;
const ENDPOINT = { url: 'https://example.com/hooks', events: ['*'] };

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const headers = { 'idempotency-key': 'order 1' };
const create = (body: object = ENDPOINT) => fixture.succeed('endpoints.create', { body, headers });
const list = async () => (await fixture.succeed('endpoints.list')).data;

describe('the creation of an endpoint with a key', () => {
  it('is answered again with the same endpoint and its secret', async () => {
    const first = await create();
    await fixture.clock.advance(DAY_MS - 1);
    expect(await create({ events: ['*'], url: ENDPOINT.url })).toEqual(first);
    expect(await list()).toMatchObject([{ id: first.id }]);
  });

  it('makes one endpoint of fifty calls at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => create()));
    expect(new Set(answers.map(({ id, signing_secret: secret }) => `${id} ${secret}`)).size).toBe(1);
    expect(await list()).toHaveLength(1);
  });

  it('shows the endpoint as it is now, also when the tenant can have no more', async () => {
    const small = await ApiFixture.open({ settings: { maxEndpoints: 1 } });
    const { id, signing_secret: secret } = await small.succeed('endpoints.create', { body: ENDPOINT, headers });
    await small.succeed('endpoints.pause', { params: { id } });
    const again = await small.succeed('endpoints.create', { body: ENDPOINT, headers });
    expect(again).toMatchObject({ id, signing_secret: secret, status: 'paused' });
    small.close();
  });

  it.each([
    ['endpoints', 'createUnlessExists'],
    ['subscriptions', 'putUnlessNewer'],
    ['subscriptions', 'raiseShard'],
  ] as const)('goes on where %s.%s had failed', async (name, call) => {
    const port: object = fixture.store[name];
    const works: unknown = Reflect.get(port, call);
    Object.assign(port, { [call]: () => Promise.reject(new ServiceFault('throttled')) });
    expect((await fixture.call('endpoints.create', { body: ENDPOINT, headers })).status).toBe(503);
    Object.assign(port, { [call]: works });
    const { id } = await create();
    expect(await list()).toMatchObject([{ id }]);
    const posted = await fixture.succeed('events.post', { body: { type: 'a', data: 1 } });
    expect(posted.deliveries).toBe(1);
  });

  it('is a conflict with another body, a new endpoint a day later, and another tenant’s own', async () => {
    const first = await create();
    const problem = await fixture.refused('endpoints.create', { body: { ...ENDPOINT, label: 'b' }, headers });
    expect(problem).toMatchObject({ status: 409, type: '/problems/idempotency-conflict' });
    const others = await fixture.succeed('endpoints.create', { body: ENDPOINT, headers, key: ACME_KEY });
    await fixture.clock.advance(DAY_MS + 1);
    const later = await create();
    expect(new Set([first.id, others.id, later.id]).size).toBe(3);
  });

  it('is refused once that endpoint is deleted, whose secret is destroyed', async () => {
    const { id } = await create();
    await fixture.succeed('endpoints.delete', { params: { id } });
    const problem = await fixture.refused('endpoints.create', { body: ENDPOINT, headers });
    expect(problem).toMatchObject({ status: 409, detail: expect.stringContaining('Use a new key') });
  });

  it('that was refused for its body leaves the key free', async () => {
    await fixture.refused('endpoints.create', { body: { ...ENDPOINT, signing_secret: 'short' }, headers });
    await fixture.refused('endpoints.create', { body: { ...ENDPOINT, url: 'ftp://example.com' }, headers });
    await create();
  });
});

describe('a job that is started with a key', () => {
  const since = '2026-01-01T00:00:00Z';

  async function calls(): Promise<[RouteId, Call][]> {
    const { id: endpointId } = await fixture.succeed('endpoints.create', { body: ENDPOINT });
    const { id } = await fixture.succeed('events.post', { body: { type: 'a', data: 1 } });
    return [
      ['deliveries.bulk-retry', { body: { status: 'exhausted' } }],
      ['endpoints.replay', { params: { id: endpointId }, body: { since } }],
      ['events.replay', { params: { id }, body: {} }],
    ];
  }

  it('is one job, however often and by how many at once it is called for', async () => {
    for (const [route, call] of await calls()) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => fixture.succeed(route, { ...call, headers })));
      await fixture.clock.advance(60_000);
      answers.push(await fixture.succeed(route, { ...call, headers }));
      expect(new Set(answers.map(({ id }) => id)).size, route).toBe(1);
      expect((await fixture.succeed(route, call)).id).not.toBe(answers[0].id);
    }
  });

  it('is written by the repeated call when the first one died before', async () => {
    for (const [route, call] of await calls()) {
      const { jobs } = fixture.store;
      const works = jobs.createUnlessExists.bind(jobs);
      Object.assign(jobs, { createUnlessExists: () => Promise.reject(new ServiceFault('throttled')) });
      expect((await fixture.call(route, { ...call, headers })).status, route).toBe(503);
      Object.assign(jobs, { createUnlessExists: works });
      const { id } = await fixture.succeed(route, { ...call, headers });
      expect(await fixture.succeed('jobs.get', { params: { id } })).toMatchObject({ id, status: 'running' });
    }
  });

  it('is answered again after its endpoint was disabled, and a conflict for another endpoint', async () => {
    const replay = (await calls())[1] as [RouteId, Call];
    const [route, call] = replay;
    const { id } = await fixture.succeed(route, { ...call, headers });
    await fixture.succeed('endpoints.disable', { params: call.params ?? {} });
    expect((await fixture.succeed(route, { ...call, headers })).id).toBe(id);
    const { id: other } = await fixture.succeed('endpoints.create', { body: ENDPOINT });
    const problem = await fixture.refused(route, { ...call, params: { id: other }, headers });
    expect(problem.type).toBe('/problems/idempotency-conflict');
  });
});

describe('a retry with a key', () => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await makePair(fixture, [60]);
  });

  const retry = (id: string, key = 'order 1') =>
    fixture.succeed('deliveries.retry', { params: { id }, headers: { 'idempotency-key': key } });
  const countMade = async () =>
    (await fixture.succeed('events.deliveries', { params: { id: pair.eventId } })).data.length - 1;

  it('of a finished delivery is one new delivery, however often and by how many at once it is called for', async () => {
    const id = await writeFailed(fixture, pair);
    const answers = await Promise.all(Array.from({ length: 10 }, () => retry(id)));
    await fixture.clock.advance(60_000);
    answers.push(await retry(id));
    expect(new Set(answers.map((one) => one.id)).size).toBe(1);
    expect(answers[0]).toMatchObject({ retried_from_delivery_id: id });
    expect([await countMade(), fixture.store.queues.count('retries').visible]).toEqual([1, 1]);
    expect((await retry(id, 'order 2')).id).not.toBe(answers[0].id);
  });

  it('of a delivery that waits hurries it once, also when it has ended or was retried by another key since', async () => {
    const id = await writeFailed(fixture, pair, { status: 'retrying', dueAt: fixture.clock.now() + 60_000 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => retry(id)));
    expect(new Set(answers.map((one) => one.id))).toEqual(new Set([id]));
    expect(fixture.store.queues.count('retries').visible).toBe(1);
    await retry(id, 'order 2');
    const key = parseDeliveryId(id, 'default') as DeliveryKey;
    const record = (await fixture.store.deliveries.get(key)) as Delivery;
    const { dueAt: _, checkAt: __, ...rest } = record;
    await fixture.store.deliveries.writeUnlessSuperseded(planted({ ...rest, status: 'exhausted' }));
    expect(await retry(id)).toMatchObject({ id, status: 'exhausted' });
    expect(await countMade()).toBe(0);
  });

  it('of a delivery without a record sends its first message again, a repeated one late, and never another', async () => {
    const id = deliveryId({ ...pair, ordinal: 0 });
    const sent = () => fixture.store.queues.count('deliveries');
    const before = sent();
    expect(await retry(id)).toMatchObject({ id, status: 'pending' });
    expect(sent()).toMatchObject({ visible: before.visible + 1 });
    await retry(id);
    expect(sent()).toMatchObject({ visible: before.visible + 1, delayed: before.delayed + 1 });
    await writeFailed(fixture, pair);
    expect(await retry(id)).toMatchObject({ id, status: 'exhausted' });
    expect(await countMade()).toBe(0);
  });

  it('is made by the repeated call when the first one died before', async () => {
    const id = await writeFailed(fixture, pair);
    const { deliveries } = fixture.store;
    const works = deliveries.writeUnlessSuperseded.bind(deliveries);
    Object.assign(deliveries, { writeUnlessSuperseded: () => Promise.reject(new ServiceFault('throttled')) });
    expect((await fixture.call('deliveries.retry', { params: { id }, headers })).status).toBe(503);
    Object.assign(deliveries, { writeUnlessSuperseded: works });
    expect(await retry(id)).toMatchObject({ retried_from_delivery_id: id });
  });

  it('is answered again after its endpoint was disabled, and a conflict for another delivery', async () => {
    const id = await writeFailed(fixture, pair);
    const made = await retry(id);
    await fixture.succeed('endpoints.disable', { params: { id: pair.endpointId } });
    expect((await retry(id)).id).toBe(made.id);
    const problem = await fixture.refused('deliveries.retry', { params: { id: made.id }, headers });
    expect(problem).toMatchObject({ status: 409, type: '/problems/idempotency-conflict' });
  });
});

it('is another key in another call', async () => {
  await create();
  const body = { type: 'a', data: 1 };
  const event = await fixture.succeed('events.post', { body, headers });
  expect(await fixture.succeed('events.post', { body, headers })).toEqual(event);
  await fixture.succeed('deliveries.bulk-retry', { body: { status: 'exhausted' }, headers });
});

it('is taken by each call that makes something, refused by every other, and ignored by none', async () => {
  const taking = routes.filter(takesKey).map(({ id }) => id);
  expect(taking.toSorted()).toEqual(
    [
      'deliveries.bulk-retry',
      'deliveries.retry',
      'endpoints.create',
      'endpoints.replay',
      'endpoints.test',
      'events.post',
      'events.replay',
    ].toSorted(),
  );
  for (const { id } of routes.filter((route) => !takesKey(route))) {
    const problem = await fixture.refused(id as RouteId, { headers });
    expect(problem, id).toMatchObject({ status: 400, errors: [{ field: 'idempotency-key' }] });
  }
  const batch = await fixture.refused('events.batch', { headers, body: { events: [{ type: 'a', data: 1 }] } });
  expect(batch.detail).toContain('give each event its own `idempotency_key`');
});
