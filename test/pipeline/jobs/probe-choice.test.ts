import { expect, vi } from 'vitest';
import { changeStatus } from '../../../lib/pipeline/endpoints/change-status.ts';
import { updateEndpoint } from '../../../lib/pipeline/endpoints/update.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const test = base
  /** What each event is answered, by its place among those posted; 200 if there is nothing. */
  .extend('answers', (): { list: number[] } => ({ list: [] }))
  /** An endpoint that the breaker has paused, with so many held deliveries. */
  .extend('tripped', ({ world, process, post, answers }) => async (held: number, autoResume?: boolean) => {
    const events: string[] = [];
    const endpoint = await world.endpointAnswering((_, id) => answers.list[events.indexOf(id)] ?? 200, {
      retry: { delays: [60] },
      ...(autoResume !== undefined && { autoResume }),
    });
    await changeStatus(world.ports, TENANT, endpoint.id, 'trip');
    for (let n = 0; n < held; n += 1) {
      events.push(await post());
      await world.clock.advance(10);
    }
    await world.drain(process);
    const status = async () => (await world.store.endpoints.get(TENANT, endpoint.id))?.status;
    const jobId = async () => (await world.store.endpoints.get(TENANT, endpoint.id))?.changeJobId ?? '';
    const probed = () => world.customers.at(endpoint.url).map(({ headers }) => headers['webhook-id'] ?? '');
    return { endpoint, events, status, jobId, probed };
  });

test('an event that is refused is not probed again at once: the next one is, and resumes the endpoint', async ({
  world,
  process,
  answers,
  tripped,
}) => {
  answers.list = [400];
  const { events, status, probed } = await tripped(2);
  await world.run(process, 10 * MINUTE);
  expect(probed().slice(0, 2)).toEqual(events);
  expect(await status()).toBe('active');
});

test('an event whose payload is deleted is passed over', async ({ world, process, tripped }) => {
  const { events, status, probed } = await tripped(2);
  const deletion = { at: world.clock.now(), jobId: 'job_1' };
  await world.store.events.deletePayload(TENANT, events[0] ?? '', deletion);
  await world.run(process, 10 * MINUTE);
  expect(probed()).toEqual(events.slice(1));
  expect(await status()).toBe('active');
});

test('three different events that are refused show a server that answers: the endpoint is resumed', async ({
  world,
  process,
  answers,
  tripped,
}) => {
  answers.list = [400, 422, 413, 400];
  const { endpoint, events, status, probed } = await tripped(4);
  await world.run(process, 7 * MINUTE + 30_000);
  expect(probed().slice(0, 3)).toEqual(events.slice(0, 3));
  expect(await status()).toBe('active');
  await world.run(process, HOUR);
  // A probe uses no attempt: both of the schedule are made after the release.
  expect((await world.delivery(events[0] ?? '', endpoint.id))?.attempts).toHaveLength(2);
});

test('with fewer than three held, what comes later is probed first, and what was refused again after its cool-down', async ({
  world,
  process,
  answers,
  post,
  tripped,
}) => {
  answers.list = [400];
  const { events, status, probed } = await tripped(1);
  await world.run(process, DAY);
  expect(await status()).toBe('paused');
  // After 5, 10, 20, 40, 80, 160, 320 and then 360 minutes, each a little later: looks are 15 minutes apart.
  expect(probed().length).toBeGreaterThanOrEqual(6);
  expect(probed().length).toBeLessThanOrEqual(10);
  answers.list = [400, 200];
  events.push(await post());
  await world.run(process, 20 * MINUTE);
  expect(probed()).toContain(events[1]);
  expect(await status()).toBe('active');
});

test.for([401, 403, 404, 408, 429, 500])(
  'a %i says nothing of the kind: the oldest is probed again, after the cool-down',
  async (code, { world, process, answers, tripped }) => {
    answers.list = [code, code, code, code];
    const { events, status, probed } = await tripped(4);
    await world.run(process, DAY);
    expect(await status()).toBe('paused');
    expect(new Set(probed())).toEqual(new Set(events.slice(0, 1)));
  },
);

test('other failures in between start the count of refused events over', async ({
  world,
  process,
  answers,
  tripped,
}) => {
  answers.list = [400, 400, 503, 503];
  const { events, status, probed } = await tripped(4);
  await world.run(process, 40 * MINUTE);
  expect(probed().slice(0, 5)).toEqual([0, 1, 2, 0, 1].map((at) => events[at]));
  expect(await status()).toBe('paused');
});

test.for([1, 4, 20])(
  'a held delivery is found behind %i pages of other endpoints’ deliveries',
  async (pages, { world, process, tripped }) => {
    const { status } = await tripped(1);
    const { pageByStatus } = world.store.deliveries;
    vi.spyOn(world.ports.deliveries, 'pageByStatus').mockImplementation(({ cursor = '0', ...query }) =>
      Number(cursor) < pages
        ? Promise.resolve({ deliveries: [], next: String(Number(cursor) + 1) })
        : pageByStatus.call(world.store.deliveries, query),
    );
    await world.run(process, 10 * MINUTE);
    expect(world.customers.received.length).toBeGreaterThan(0);
    expect(await status()).toBe('active');
  },
);

test('a held delivery whose event has expired is passed over', async ({ world, tripped }) => {
  const { events, status, probed } = await tripped(3);
  const process = world.process(undefined, async ({ port }, run) => {
    if (port !== 'reader') return run();
    const snapshots = (await run()) as { event?: { id: string } }[];
    return snapshots.map((one) => (one.event?.id === events[0] ? { ...one, event: undefined } : one));
  });
  await world.run(process, 10 * MINUTE);
  expect(probed()[0]).toBe(events[1]);
  expect(await status()).toBe('active');
});

test('while nothing is held, looks get rarer, up to 15 minutes apart', async ({ world, process, post, tripped }) => {
  const { status, jobId } = await tripped(0);
  await world.run(process, DAY);
  const looks = async () => (await world.store.jobs.get(TENANT, await jobId()))?.step ?? 0;
  // The lease and the result of each look.
  const perDay = (await looks()) / 2;
  expect(perDay).toBeGreaterThan(90);
  expect(perDay).toBeLessThan(110);
  await post();
  await world.run(process, 20 * MINUTE);
  expect(await status()).toBe('active');
});

test('auto_resume switched on while tripped probes at once', async ({ world, process, tripped }) => {
  const { endpoint, status } = await tripped(1, false);
  await world.run(process, HOUR);
  expect(await status()).toBe('paused');
  await updateEndpoint(world.ports, TENANT, endpoint.id, { autoResume: true });
  await world.run(process, 1000);
  expect(await status()).toBe('active');
});

test('auto_resume switched on by a process that dies probes too', async ({ world, tripped }) => {
  const { endpoint, status } = await tripped(1, false);
  const sending = Promise.withResolvers<void>();
  const dying = world.process(undefined, ({ port }, run) => {
    if (port !== 'queues') return run();
    sending.resolve();
    return new Promise(() => {});
  });
  void updateEndpoint(dying.ports, TENANT, endpoint.id, { autoResume: true });
  await sending.promise;
  await world.run(world.process(), 10 * MINUTE);
  expect(await status()).toBe('active');
});

test('auto_resume switched off while tripped ends the probes at once, and on again starts them again', async ({
  world,
  process,
  answers,
  tripped,
}) => {
  answers.list = [500];
  const { endpoint, jobId, probed } = await tripped(1);
  await world.run(process, 6 * MINUTE);
  expect(probed()).toHaveLength(1);
  const job = await jobId();
  await updateEndpoint(world.ports, TENANT, endpoint.id, { autoResume: false });
  expect(await world.store.jobs.get(TENANT, job)).toMatchObject({ status: 'done' });
  await world.run(process, DAY);
  expect(probed()).toHaveLength(1);
  await updateEndpoint(world.ports, TENANT, endpoint.id, { autoResume: true });
  await world.run(process, 1000);
  expect(probed()).toHaveLength(2);
});

test('an edit of anything else leaves the probes alone', async ({ world, process, answers, tripped }) => {
  answers.list = [500];
  const { endpoint, jobId, probed } = await tripped(1);
  const job = await jobId();
  await updateEndpoint(world.ports, TENANT, endpoint.id, { label: 'a', autoResume: true });
  expect(await jobId()).toBe(job);
  await world.run(process, 6 * MINUTE);
  expect(probed()).toHaveLength(1);
});
