import { expect } from 'vitest';
import { createJob, startJob } from '../../../lib/pipeline/job-start.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const SECOND = 1000;

/** A job for an endpoint, with its message sent. */
async function start(world: World, endpointId: string, kind: 'release' | 'probe') {
  const job = await createJob(world.ports, { tenantId: TENANT, kind, endpointId, generation: 1 });
  await startJob(world.ports, job);
  return job;
}

test('the jobs of a batch are worked side by side', async ({ world }) => {
  const { id } = await world.endpointAnswering(200);
  const count = 5;
  for (let n = 0; n < count; n += 1) await start(world, id, 'release');
  const messages = await world.store.queues.receive('jobs', 10);
  expect(messages).toHaveLength(count);
  let reading = 0;
  const allRead = Promise.withResolvers<void>();
  const process = world.process(undefined, async ({ port, method }, run) => {
    if (port === 'jobs' && method === 'get') {
      reading += 1;
      if (reading === count) allRead.resolve();
      await allRead.promise;
    }
    return run();
  });
  expect(await process.handle('jobs', messages)).toEqual([]);
});

test('a job that fails holds up no other of its batch', async ({ world }) => {
  const { id } = await world.endpointAnswering(200);
  const [failing, sound] = [await start(world, id, 'release'), await start(world, id, 'release')];
  const messages = await world.store.queues.receive('jobs', 10);
  let calls = 0;
  const process = world.process(undefined, async ({ port, method }, run) => {
    if (port === 'jobs' && method === 'get' && (calls += 1) === 1) throw new Error('broken');
    return run();
  });
  const kept = await process.handle('jobs', messages);
  expect(kept).toHaveLength(1);
  const steps = await Promise.all(
    [failing, sound].map(async (job) => (await world.store.jobs.get(TENANT, job.id))?.step),
  );
  expect(steps).toEqual([0, 1]);
});

test('what cannot end before the deadline is given back at once, untouched', async ({ world, process }) => {
  const { id } = await world.endpointAnswering(200);
  const [page, probe] = [await start(world, id, 'release'), await start(world, id, 'probe')];
  for (const [queue, job, least] of [
    ['jobs', page, 20],
    ['slow', probe, 40],
  ] as const) {
    const late = await world.store.queues.receive(queue, 10);
    const kept = await process.handle(queue, late, (least - 1) * SECOND);
    expect(kept).toEqual(late.map(({ messageId }) => messageId));
    expect((await world.store.jobs.get(TENANT, job.id))?.step).toBe(0);
    const again = await world.store.queues.receive(queue, 10);
    expect(again.map(({ messageId }) => messageId)).toEqual(kept);
    expect(await process.handle(queue, again, (least + 1) * SECOND)).toEqual([]);
    expect((await world.store.jobs.get(TENANT, job.id))?.step).toBeGreaterThan(0);
  }
});

test('a probe has a queue of its own: one that hangs delays no fan-out and no release', async ({ world, process }) => {
  const { id } = await world.endpointAnswering(200);
  const probe = await start(world, id, 'probe');
  await start(world, id, 'release');
  expect([world.count('slow'), world.count('jobs')]).toEqual([1, 1]);
  await world.store.queues.delete('slow', await world.store.queues.receive('slow', 10));
  await world.clock.advance(6 * 60 * SECOND);
  await process.sweep();
  expect(world.count('slow')).toBe(1);
  expect((await world.store.jobs.get(TENANT, probe.id))?.status).toBe('running');
});

test('a probe whose message was sent to jobs, by an older version, is worked too', async ({ world, process }) => {
  const { id } = await world.endpointAnswering(200);
  const probe = await start(world, id, 'probe');
  const [{ body } = { body: '' }] = await world.store.queues.receive('slow', 1);
  await world.store.queues.send('jobs', [{ body, group: TENANT }]);
  expect(await process.handle('jobs', await world.store.queues.receive('jobs', 1))).toEqual([]);
  expect((await world.store.jobs.get(TENANT, probe.id))?.status).toBe('done');
});
