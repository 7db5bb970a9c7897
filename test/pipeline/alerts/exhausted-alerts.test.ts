import { expect } from 'vitest';
import { deliveryId, ownJobId } from '../../../lib/domain/ids.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { testEndpoint } from '../../../lib/pipeline/manual/test-endpoint.ts';
import { alertsOf, toldTo } from '../../support/alerts.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An endpoint that asks for operational events, one whose deliveries fail at once, and what the first was told. */
const test = base
  .extend('owner', ({ world }) => world.endpointAnswering(200, { events: ['postrider.*'] }))
  .extend('dead', ({ world }) => world.endpointAnswering(500, { retry: { delays: [] }, circuitBreaker: false }))
  .extend(
    'told',
    ({ world, owner }) =>
      () =>
        toldTo(world, owner.url).filter(({ type }) => type === EXHAUSTED),
  );

const EXHAUSTED = 'postrider.delivery.exhausted';

test('exhausted deliveries are told within a minute, together, with the latest of them', async ({
  world,
  process,
  post,
  dead,
  told,
}) => {
  await post();
  const eventId = await post('order.paid');
  await world.run(process, MINUTE);
  const key = { tenantId: TENANT, endpointId: dead.id, eventId, ordinal: 0 };
  expect(told().map(({ data }) => data)).toEqual([
    {
      endpoint_id: dead.id,
      label: null,
      url: dead.url,
      project_id: null,
      count: 2,
      more: false,
      latest: {
        delivery_id: deliveryId(key),
        event_id: eventId,
        event_type: 'order.paid',
        attempts: 1,
        status_code: 500,
        error_kind: 'status',
        error_message: 'answered 500',
      },
    },
  ]);
});

test('there is at most one an hour of an endpoint, with the number since the last', async ({
  world,
  process,
  post,
  dead,
  told,
}) => {
  expect(dead.status).toBe('active');
  for (let minute = 0; minute < 150; minute += 10) {
    await post();
    await world.run(process, 10 * MINUTE);
  }
  await world.run(process, 3 * HOUR);
  expect(told().reduce((sum, { data }) => sum + Number(data['count']), 0)).toBe(15);
  const times = told().map(({ at }) => at);
  expect(times.length).toBe(4);
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(HOUR);
});

test('an hour after the last one nothing is left to do, and the next exhausted delivery is told at once', async ({
  world,
  process,
  post,
  dead,
  told,
}) => {
  await post();
  await world.run(process, 3 * HOUR);
  expect(await world.store.jobs.get(TENANT, ownJobId(dead.id))).toMatchObject({ status: 'done' });
  await world.run(process, 40 * DAY);
  await post();
  await world.run(process, MINUTE);
  expect(told().map(({ data }) => data['count'])).toEqual([1, 1]);
});

test('two endpoints are told apart', async ({ world, process, post, dead, told }) => {
  const other = await world.endpointAnswering(500, { retry: { delays: [] } });
  await post();
  await world.run(process, MINUTE);
  expect(
    told()
      .map(({ data }) => [data['endpoint_id'], data['count']])
      .toSorted(),
  ).toEqual([dead, other].map(({ id }) => [id, 1]).toSorted());
});

test('a manual retry that is exhausted too is told again', async ({ world, process, post, dead, told }) => {
  const eventId = await post();
  await world.run(process, 2 * HOUR);
  await retryDelivery(process.ports, TENANT, deliveryId({ endpointId: dead.id, eventId, ordinal: 0 }));
  await world.run(process, MINUTE);
  expect(told().map(({ data }) => data['count'])).toEqual([1, 1]);
});

test('there is no alert about an alert', async ({ world, process, post, dead }) => {
  // Whom the alerts are for refuses them, too.
  const deaf = await world.endpointAnswering(500, { events: ['postrider.*'], retry: { delays: [] } });
  await post();
  await world.run(process, DAY);
  expect(world.customers.at(deaf.url)).toHaveLength(1);
  expect(await alertsOf(world)).toEqual([EXHAUSTED]);
  expect(await world.store.jobs.get(TENANT, ownJobId(deaf.id))).toBeUndefined();
  expect(dead.status).toBe('active');
});

test('there is no alert about a test', async ({ world, process, dead, told }) => {
  await testEndpoint(process.ports, TENANT, dead.id, { eventTypePolicy: {} });
  await world.run(process, HOUR);
  expect(told()).toEqual([]);
});

test('more than 500 are told as 500 and more', async ({ world, process, dead, told }) => {
  expect(dead.status).toBe('active');
  for (let n = 0; n < 51; n += 1)
    await process.ingest.batch(Array.from({ length: 10 }, () => world.request('task.completed')));
  await world.run(process, 20 * MINUTE);
  expect(told().map(({ data }) => [data['count'], data['more']])).toEqual([[500, true]]);
});

test('a delivery that was told of says when; one that is exhausted since does not, until it is', async ({
  world,
  process,
  post,
  dead,
  told,
}) => {
  const first = await post();
  await world.run(process, MINUTE);
  const at = told()[0]?.at;
  const second = await post();
  await world.run(process, MINUTE);
  const sentAt = async (eventId: string) => (await world.delivery(eventId, dead.id))?.alertSentAt;
  expect([await sentAt(first), await sentAt(second)]).toEqual([at, undefined]);
  await world.run(process, 2 * HOUR);
  expect([await sentAt(first), await sentAt(second)]).toEqual([at, told()[1]?.at]);
});

test('where nobody asks for alerts, no delivery says that it was told of', async ({ world, process, post }) => {
  const silent = await world.endpointAnswering(500, { retry: { delays: [] } });
  const eventId = await post();
  await world.run(process, HOUR);
  expect(await world.delivery(eventId, silent.id)).toMatchObject({ status: 'exhausted' });
  expect((await world.delivery(eventId, silent.id))?.alertSentAt).toBeUndefined();
});

test('a redriven delivery that is exhausted again is told again', async ({ world, process, post, dead, told }) => {
  const eventId = await post();
  await world.run(process, 2 * HOUR);
  const messages = await world.store.queues.receive('exhausted', 10);
  const again = messages.map(({ body, group = '' }) => ({ body, group }));
  await world.store.queues.send('retries', again);
  await world.run(process, MINUTE);
  expect(told().map(({ data }) => data['count'])).toEqual([1, 1]);
  expect((await world.delivery(eventId, dead.id))?.alertSentAt).toBe(told()[1]?.at);
});
