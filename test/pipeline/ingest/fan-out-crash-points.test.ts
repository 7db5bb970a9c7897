import { expect, test } from 'vitest';
import { fanOutJobId } from '../../../lib/domain/ids.ts';
import type { CrashPlan, PortCall } from '../../support/fault-injection.ts';
import { expectAtRest } from '../../support/invariants.ts';
import { openEndpoints } from '../../support/many-endpoints.ts';
import { type Process, TENANT, World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ENDPOINTS = 250;
const PAGE = 60;

/** Runs the fan-out's job to its end, and leaves the messages that it sends in their queue. */
async function runJobs(world: World, process: Process): Promise<void> {
  for (;;) {
    const messages = await world.store.queues.receive('jobs', 1);
    if (messages.length === 0) return;
    const kept = await process.handle('jobs', messages);
    if (process.life.dead) return;
    if (kept.length === 0) await world.store.queues.delete('jobs', messages);
  }
}

/** A post and its fan-out in a process that dies as planned; a client without an answer posts again. */
async function live(plan?: CrashPlan): Promise<PortCall[]> {
  using world = new World(1, { endpointsPerPage: PAGE });
  const endpoints = await openEndpoints(world, ENDPOINTS);
  const first = world.process(plan);
  const post = (process: Process) => process.ingest(world.request('task.completed', 'key-1'));
  const answer = await post(first).catch(() => undefined);
  await runJobs(world, first);
  const calls = [...first.life.calls];

  const second = world.process();
  await world.clock.advance(20 * MINUTE);
  const { id, deliveries } = answer ?? (await post(second));
  expect(deliveries).toBe(ENDPOINTS);
  await second.sweep();
  await runJobs(world, second);
  expect(await world.store.jobs.get(TENANT, fanOutJobId(id))).toMatchObject({ status: 'done' });
  // Each endpoint has its message, and at most one page was sent twice.
  expect(world.count('deliveries')).toBeGreaterThanOrEqual(ENDPOINTS);
  expect(world.count('deliveries')).toBeLessThanOrEqual(ENDPOINTS + (plan ? PAGE : 0));
  await world.run(second, HOUR);
  await expectAtRest(world, [id], endpoints);
  for (const { url } of endpoints) expect(world.customers.countsByEvent(url)).toEqual(new Map([[id, 1]]));
  return calls;
}

test('a fan-out to 250 endpoints without a crash', async () => {
  const calls = await live();
  expect(calls.filter(({ method }) => method === 'putEndpointPage')).toHaveLength(5);
  expect(calls.filter(({ method }) => method === 'replaceIfStep')).toHaveLength(5);
});

test.each(['before', 'after'] as const)(
  'a process that dies %s any call of a post to 250 endpoints or of its fan-out loses nothing',
  async (moment) => {
    for (const { index, port, method } of await live()) {
      try {
        await live({ index, moment });
      } catch (cause) {
        throw new Error(`dead ${moment} call ${index}, ${port}.${method}`, { cause });
      }
    }
  },
  60_000,
);
