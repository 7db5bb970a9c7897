import { expect } from 'vitest';
import { disableEndpoint, pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import type { Answer } from '../../support/customers.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const test = base
  .extend('customer', (): { answer: Answer } => ({ answer: 500 }))
  /** An endpoint that the breaker has just paused, with held deliveries. */
  .extend('tripped', ({ world, process, post, customer }) => async (autoResume?: boolean) => {
    const endpoint = await world.endpointAnswering(() => customer.answer, {
      retry: { delays: [30, 30, 30, 30, 3600] },
      ...(autoResume !== undefined && { autoResume }),
    });
    const events = [];
    for (let n = 0; n < 4; n += 1) events.push(await post());
    const isPaused = async () => (await world.store.endpoints.get(TENANT, endpoint.id))?.status === 'paused';
    for (let tries = 0; tries < 10 && !(await isPaused()); tries += 1) await world.run(process, 20_000);
    expect(await isPaused()).toBe(true);
    await world.run(process, 2 * MINUTE);
    const before = world.customers.at(endpoint.url).length;
    return { endpoint, events, probes: () => world.customers.at(endpoint.url).slice(before) };
  });

test('an endpoint that answers again is resumed by a probe, and what was held is delivered', async ({
  world,
  process,
  tripped,
  customer,
}) => {
  const { endpoint, events } = await tripped();
  customer.answer = 200;
  await world.run(process, HOUR);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active' });
  for (const event of events) expect((await world.delivery(event, endpoint.id))?.status).toBe('delivered');
});

test('probes come after five minutes and then twice as far apart, up to six hours', async ({
  world,
  process,
  tripped,
}) => {
  const { probes } = await tripped();
  await world.run(process, 2 * DAY);
  const times = probes().map(({ at }) => at);
  const gaps = times.slice(1).map((at, index) => Math.round((at - (times[index] ?? 0)) / MINUTE));
  expect(gaps.slice(0, 6)).toEqual(
    [10, 20, 40, 80, 160, 320].map((gap) => expect.toSatisfy((n: number) => n >= gap && n <= gap + 2)),
  );
  for (const gap of gaps.slice(6)) expect(gap).toBeLessThanOrEqual(362);
});

test('a probe uses no attempt and exhausts nothing', async ({ world, process, tripped }) => {
  const { endpoint, events } = await tripped();
  const before = await Promise.all(
    events.map(async (event) => (await world.delivery(event, endpoint.id))?.attempts.length),
  );
  await world.run(process, 2 * DAY);
  const after = await Promise.all(events.map((event) => world.delivery(event, endpoint.id)));
  expect(after.map((delivery) => delivery?.attempts.length)).toEqual(before);
  for (const delivery of after) expect(delivery?.status).toBe('held');
});

test('two sweeps at once make one probe', async ({ world, tripped }) => {
  const { probes } = await tripped();
  await world.clock.advance(6 * MINUTE);
  const [one, two] = [world.process(), world.process()];
  await Promise.all([one.sweep(), two.sweep()]);
  const messages = await world.store.queues.receive('slow', 10);
  await Promise.all(messages.map((message) => world.process().handle('slow', [message])));
  expect(probes()).toHaveLength(1);
});

test('a probe of a process that died is made again', async ({ world, process, tripped, customer }) => {
  const { probes } = await tripped();
  await world.run(
    world.process(undefined, (call, run) => (call.port === 'sender' ? new Promise(() => {}) : run())),
    0,
  );
  const dying = world.process();
  await world.clock.advance(4 * MINUTE);
  await dying.sweep();
  const messages = await world.store.queues.receive('slow', 10);
  const life = world.process({ index: 4, moment: 'before' });
  await life.handle('slow', messages);
  customer.answer = 200;
  await world.run(process, HOUR);
  expect(probes().length).toBeGreaterThan(0);
});

test('a person who pauses, disables or resumes takes over: no more probes', async ({ world, process, tripped }) => {
  const { endpoint, probes } = await tripped();
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  await world.run(process, DAY);
  expect(probes()).toHaveLength(0);
  await disableEndpoint(world.ports, TENANT, endpoint.id);
  await world.run(process, DAY);
  expect(probes()).toHaveLength(0);
});

test('without auto_resume a person resumes', async ({ world, process, tripped, customer }) => {
  const { endpoint, probes } = await tripped(false);
  customer.answer = 200;
  await world.run(process, DAY);
  expect(probes()).toHaveLength(0);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'paused' });
});

test('a 410 to a probe disables the endpoint at once', async ({ world, process, tripped, customer }) => {
  const { endpoint, events, probes } = await tripped();
  customer.answer = 410;
  await world.run(process, HOUR);
  expect(probes()).toHaveLength(1);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({
    status: 'disabled',
    statusReason: 'gone',
  });
  for (const event of events) expect((await world.delivery(event, endpoint.id))?.status).toBe('abandoned');
});

test('an endpoint that is edited during a probe is probed again', async ({ world, process, tripped, customer }) => {
  const { endpoint } = await tripped();
  customer.answer = 200;
  await world.clock.advance(4 * MINUTE);
  const edited = world.process(undefined, async (call, run) => {
    if (call.port === 'sender') await updateEndpoint(world.ports, TENANT, endpoint.id, { label: 'edited' });
    return run();
  });
  await edited.sweep();
  const messages = await world.store.queues.receive('slow', 10);
  expect(await edited.handle('slow', messages)).toEqual([]);
  await world.store.queues.delete('slow', messages);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'paused', label: 'edited' });
  expect(world.customers.at(endpoint.url).length).toBeGreaterThan(0);
  await world.run(process, HOUR);
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ status: 'active', label: 'edited' });
});
