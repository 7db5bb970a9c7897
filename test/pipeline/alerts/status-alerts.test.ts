import { expect } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import {
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
  revokeEndpoint,
} from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { alertsOf, toldTo } from '../../support/alerts.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One endpoint that asks for operational events, and whatever it was told. */
const test = base
  .extend('owner', ({ world }) => world.endpointAnswering(200, { events: ['postrider.*'] }))
  .extend('told', ({ world, process, owner }) => async () => {
    await world.run(process, 5 * MINUTE);
    return toldTo(world, owner.url).map(({ type, data }) => ({ type, data }));
  });

test('a pause, a resume, a disable and an enable by a person are told, with the endpoint and the reason', async ({
  world,
  process,
  told,
}) => {
  const { id } = await world.endpointAnswering(200, { label: 'Orders' });
  const at = new Date(world.clock.now()).toISOString();
  await pauseEndpoint(process.ports, TENANT, id);
  expect(await told()).toEqual([
    {
      type: 'postrider.endpoint.paused',
      data: {
        endpoint_id: id,
        label: 'Orders',
        url: 'https://customer-of-2.example/hook',
        project_id: null,
        reason: 'manual',
        changed_at: at,
      },
    },
  ]);
  await resumeEndpoint(process.ports, TENANT, id, 'release');
  await disableEndpoint(process.ports, TENANT, id);
  await enableEndpoint(process.ports, TENANT, id);
  const types = (await told()).slice(1).map(({ type }) => type);
  expect(types.toSorted()).toEqual([
    'postrider.endpoint.disabled',
    'postrider.endpoint.resumed',
    'postrider.endpoint.resumed',
  ]);
});

test('the breaker’s pause and a probe’s resume are told', async ({ world, process, owner }) => {
  const healsAt = world.clock.now() + 20 * MINUTE;
  await world.endpointAnswering(() => (world.clock.now() < healsAt ? 500 : 200), {
    retry: { delays: [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10] },
  });
  await process.ingest(world.request());
  await world.run(process, 2 * HOUR);
  const told = toldTo(world, owner.url).map(({ type, data }) => [type, data['reason']]);
  expect(told).toEqual([
    ['postrider.endpoint.paused', 'breaker'],
    ['postrider.endpoint.resumed', null],
  ]);
});

test('a 410 is told as a disable', async ({ world, process, owner }) => {
  await world.endpointAnswering(410);
  await process.ingest(world.request());
  await world.run(process, HOUR);
  const told = toldTo(world, owner.url).map(({ type, data }) => [type, data['reason']]);
  expect(told).toEqual([['postrider.endpoint.disabled', 'gone']]);
});

test('no alert without a change of status: a call that finds it made, an edit, a revocation, a deletion', async ({
  world,
  process,
  told,
}) => {
  const [one, other] = [await world.endpointAnswering(200), await world.endpointAnswering(200)] as [Endpoint, Endpoint];
  await resumeEndpoint(process.ports, TENANT, one.id, 'release');
  await enableEndpoint(process.ports, TENANT, one.id);
  await updateEndpoint(process.ports, TENANT, one.id, { label: 'New' });
  await revokeEndpoint(process.ports, TENANT, one.id);
  await deleteEndpoint(process.ports, TENANT, other.id);
  expect(await told()).toEqual([]);
});

test('of two changes at the same moment, only that which was made is told', async ({ world, process, told }) => {
  const { id } = await world.endpointAnswering(200);
  // Each read the endpoint before the other wrote.
  await Promise.all([pauseEndpoint(process.ports, TENANT, id), pauseEndpoint(world.process().ports, TENANT, id)]);
  expect((await told()).map(({ type }) => type)).toEqual(['postrider.endpoint.paused']);
});

test('who asks for everything by `*` gets no operational events, and who asks for none costs no event', async ({
  world,
  process,
}) => {
  const all = await world.endpointAnswering(200);
  const { id } = await world.endpointAnswering(200, { events: ['order.*'] });
  await pauseEndpoint(process.ports, TENANT, id);
  await world.run(process, 5 * MINUTE);
  expect(world.customers.at(all.url)).toEqual([]);
  expect(await alertsOf(world)).toEqual([]);
});

test('an endpoint of one project is told to that project’s subscribers and to organization-wide ones', async ({
  world,
  process,
  owner,
}) => {
  const same = await world.endpointAnswering(200, { events: ['postrider.*'], projectId: 'proj_1' });
  const other = await world.endpointAnswering(200, { events: ['postrider.*'], projectId: 'proj_2' });
  const { id } = await world.endpointAnswering(200, { projectId: 'proj_1' });
  await pauseEndpoint(process.ports, TENANT, id);
  await world.run(process, 5 * MINUTE);
  const counts = [owner, same, other].map(({ url }) => toldTo(world, url).length);
  expect(counts).toEqual([1, 1, 0]);
});

test('a chat’s URL, which lets anyone post there, is not in the alert about it', async ({ world, process, told }) => {
  const { id } = await world.endpoint({ url: 'https://hooks.slack.com/services/T0/B0/secret' });
  await pauseEndpoint(process.ports, TENANT, id);
  expect((await told())[0]?.data['url']).toBe('https://hooks.slack.com/');
});

test('130 endpoints that pause at once are told 60 a minute, and none is forgotten', async ({
  world,
  process,
  owner,
}) => {
  const { clock } = world;
  await clock.advance(MINUTE - (clock.now() % MINUTE));
  const ids = [];
  for (let n = 0; n < 130; n += 1) ids.push((await world.endpoint({ url: 'https://x.example/', events: ['o'] })).id);
  const begin = clock.now();
  for (const id of ids) await pauseEndpoint(process.ports, TENANT, id);
  await world.run(process, 50_000);
  expect(toldTo(world, owner.url)).toHaveLength(60);
  await world.run(process, 20 * MINUTE);
  const told = toldTo(world, owner.url);
  expect(new Set(told.map(({ data }) => data['endpoint_id']))).toEqual(new Set(ids));
  const minutes = Object.values(Object.groupBy(told, ({ at }) => Math.floor((at - begin) / MINUTE)));
  expect(Math.max(...minutes.map((some = []) => some.length))).toBeLessThanOrEqual(60);
});

test('an alert that was kept goes to who asked for it then, though nobody asks for it when it is told again', async ({
  world,
  process,
  owner,
  told,
}) => {
  const { id } = await world.endpointAnswering(200);
  await pauseEndpoint(process.ports, TENANT, id);
  let isKept = false;
  const faulty = world.process(undefined, async ({ port, method }, run) => {
    if (isKept && port === 'queues' && method === 'send') throw new Error('The queue is down.');
    isKept ||= port === 'events' && method === 'putUnlessExists';
    return run();
  });
  await world.drain(faulty);
  expect([isKept, await alertsOf(world)]).toEqual([true, ['postrider.endpoint.paused']]);
  await updateEndpoint(process.ports, TENANT, owner.id, { events: ['order.*'] });
  expect((await told()).map(({ type }) => type)).toEqual(['postrider.endpoint.paused']);
});
