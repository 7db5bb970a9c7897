import { expect } from 'vitest';
import { pauseEndpoint, resumeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const test = base
  /** An endpoint of one request in 100 s, and so many events that wait for it, but for the first, which went. */
  .extend('limited', ({ world, process, post }) => async (count: number) => {
    const endpoint = await world.endpointAnswering(200, { rateLimitPerSecond: 0.01 });
    const events: string[] = [];
    for (let n = 0; n < count; n += 1) {
      events.push(await post());
      await world.drain(process);
    }
    const times = () => world.customers.at(endpoint.url).map(({ at }) => at);
    const edit = (rateLimitPerSecond: number | null) =>
      updateEndpoint(world.ports, TENANT, endpoint.id, { rateLimitPerSecond });
    expect(times()).toHaveLength(1);
    return { endpoint, events, times, edit };
  });

test('when a rate limit is removed, what waits for its slot goes now', async ({ world, process, limited }) => {
  const { times, edit } = await limited(250);
  await edit(null);
  await world.run(process, 10 * SECOND);
  expect(times()).toHaveLength(250);
});

test('what was beginning to wait for a slot while the job looked goes 15 s after the limit was removed', async ({
  world,
  process,
  post,
  limited,
}) => {
  const { times, edit } = await limited(1);
  await post();
  const late = world.process(undefined, async ({ port }, run) => {
    const slot = await run();
    if (port !== 'slots') return slot;
    await edit(null);
    for (let step = await jobsDue(); step.length > 0; step = await jobsDue()) {
      await process.handle('jobs', step);
      await world.store.queues.delete('jobs', step);
    }
    return slot;
  });
  const jobsDue = () => world.store.queues.receive('jobs', 10);
  await world.drain(late);
  await world.run(process, 14 * SECOND);
  expect(times()).toHaveLength(1);
  await world.run(process, 2 * SECOND);
  expect(times()).toHaveLength(2);
});

test('when a rate limit is raised, what waits for its slot goes at the new rate', async ({
  world,
  process,
  limited,
}) => {
  const { times, edit } = await limited(61);
  await edit(1);
  await world.run(process, 20 * SECOND);
  // A second each, and perhaps one that was free.
  expect(times().length).toBeGreaterThanOrEqual(19);
  expect(times().length).toBeLessThanOrEqual(23);
  await world.run(process, 50 * SECOND);
  expect(times()).toHaveLength(61);
});

test('what has its slot by the new limit is not put back by a later page of the job', async ({
  world,
  process,
  limited,
}) => {
  const { events, endpoint, times, edit } = await limited(4);
  await edit(0.02);
  await world.run(process, 2 * MINUTE + 10 * SECOND);
  // At 0, 50 and 100 s, after the one that went before the edit.
  expect(times()).toHaveLength(4);
  await world.run(process, HOUR);
  for (const event of events) expect((await world.delivery(event, endpoint.id))?.attempts).toHaveLength(1);
  expect(times()).toHaveLength(4);
});

test('a lowered limit, and any other edit, start no job', async ({ world, process, limited }) => {
  const { endpoint, times, edit } = await limited(2);
  await edit(0.009);
  await updateEndpoint(world.ports, TENANT, endpoint.id, { label: 'a' });
  expect(world.count('jobs')).toBe(0);
  await world.run(process, 110 * SECOND);
  expect(times()).toHaveLength(2);
});

test('a process that dies after the edit leaves the work to sweep', async ({ world, limited }) => {
  const { endpoint, times } = await limited(12);
  const sending = Promise.withResolvers<void>();
  const dying = world.process(undefined, ({ port }, run) => {
    if (port !== 'queues') return run();
    sending.resolve();
    return new Promise(() => {});
  });
  void updateEndpoint(dying.ports, TENANT, endpoint.id, { rateLimitPerSecond: null });
  await sending.promise;
  await world.run(world.process(), 17 * MINUTE);
  expect(times()).toHaveLength(12);
});

test('a raise that lost against another edit frees nothing', async ({ world, limited }) => {
  const { events, endpoint } = await limited(13);
  const last = () => world.delivery(events[12] ?? '', endpoint.id);
  const before = await last();
  const lost = Promise.withResolvers<void>();
  const dying = world.process(undefined, async ({ method }, run) => {
    if (method !== 'replaceIfGeneration') return run();
    // The job of the raise is written.
    await updateEndpoint(world.ports, TENANT, endpoint.id, { label: 'a' });
    expect(await run()).toBe(false);
    lost.resolve();
    return new Promise(() => {});
  });
  void updateEndpoint(dying.ports, TENANT, endpoint.id, { rateLimitPerSecond: null });
  await lost.promise;
  await world.run(world.process(), 17 * MINUTE);
  expect(before).toMatchObject({ statusReason: 'rate_limited' });
  expect(await last()).toEqual(before);
});

test('what waits at a paused endpoint is freed too: it is held, and released by the resume', async ({
  world,
  process,
  limited,
}) => {
  const { endpoint, times, edit } = await limited(5);
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  await edit(null);
  await world.run(process, MINUTE);
  expect(times()).toHaveLength(1);
  await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
  await world.run(process, 10 * SECOND);
  expect(times()).toHaveLength(5);
});

test('a manual retry of what waits for its slot is accepted, and keeps its place', async ({
  world,
  process,
  limited,
}) => {
  const { events, endpoint, times } = await limited(3);
  const id = deliveryId({ eventId: events[2] ?? '', endpointId: endpoint.id, ordinal: 0 });
  const before = await world.delivery(events[2] ?? '', endpoint.id);
  const { delivery } = await retryDelivery(world.ports, TENANT, id);
  expect(delivery).toMatchObject({ status: 'pending', dueAt: before?.dueAt });
  await world.run(process, 110 * SECOND);
  expect(times()).toHaveLength(2);
  await world.run(process, 100 * SECOND);
  expect(times()).toHaveLength(3);
});

test('a manual retry of what waits for a slot of an earlier limit takes one of the present limit', async ({
  world,
  process,
  limited,
}) => {
  const { events, endpoint, times } = await limited(3);
  await updateEndpoint(world.ports, TENANT, endpoint.id, { label: 'a' });
  await retryDelivery(
    world.ports,
    TENANT,
    deliveryId({ eventId: events[2] ?? '', endpointId: endpoint.id, ordinal: 0 }),
  );
  await world.run(process, SECOND);
  expect(times()).toHaveLength(2);
});
