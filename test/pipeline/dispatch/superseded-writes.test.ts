import { expect } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { releaseHeld } from '../../../lib/pipeline/delivery/release.ts';
import { redriveDeadLetters } from '../../../lib/pipeline/manual/redrive.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';
import { planted } from '../../support/records.ts';
import { TENANT, type World } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function recordOf(world: World, event: string, endpointId: string): Promise<Delivery> {
  const record = await world.delivery(event, endpointId);
  if (!record) throw new Error('The delivery has no record.');
  return record;
}

/** Runs something once, after a process has decided and before its next write of a record. */
function beforeWrite(work: () => Promise<unknown>): Interceptor {
  let done = false;
  return async (call, run) => {
    if (call.method === 'writeUnlessSuperseded' && !done) {
      done = true;
      await work();
    }
    return run();
  };
}

test('a fault that is counted does not undo the rate slot that another message has reserved', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering(500, { retry: { delays: [60, 60] }, rateLimitPerSecond: 0.01 });
  const event = await post();
  await world.drain(process);
  await world.clock.advance(3 * MINUTE);
  const [message] = await world.store.queues.receive('retries', 1);
  if (!message) throw new Error('The retry has no message.');
  const between = beforeWrite(() => world.process().handle('retries', [message]));
  const broken: Interceptor = async (call, run) => {
    if (call.port === 'secrets') throw new TypeError('a bug');
    return between(call, run);
  };
  const due = world.clock.now() + 100 * SECOND;
  await world.process(undefined, broken).handle('retries', [message]);
  const record = await recordOf(world, event, endpoint.id);
  expect(record).toMatchObject({ statusReason: 'rate_limited', dueAt: due, slot: { attempt: 2, generation: 1 } });
  expect(record.faults).toBeUndefined();
});

test('a redrive is not lost when its dead letter’s acceptance is noted at the same moment', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering([500, 200], { retry: { delays: [] } });
  const event = await post();
  await world.drain(process);
  const { dlqPending: _, checkAt: __, ...noted } = await recordOf(world, event, endpoint.id);
  await redriveDeadLetters(world.store.queues, 'exhausted', 1);
  await world.drain(
    world.process(
      undefined,
      beforeWrite(() => world.ports.deliveries.writeUnlessSuperseded(planted(noted))),
    ),
  );
  await world.run(process, MINUTE);
  expect(await recordOf(world, event, endpoint.id)).toMatchObject({ status: 'delivered', attempts: { length: 2 } });
});

test.for<[string, Partial<Delivery>, number]>([
  ['sends a delivery in which another process has counted a fault', { faults: 1 }, 1],
  ['leaves a delivery that was held again', { heldAt: Number.MAX_SAFE_INTEGER }, 0],
])('a release %s meanwhile', async ([, change, released], { world, process, post }) => {
  const { id } = await world.endpointAnswering(200);
  await pauseEndpoint(world.ports, TENANT, id);
  const event = await post();
  await world.drain(process);
  const held = await recordOf(world, event, id);
  const between = beforeWrite(() => world.ports.deliveries.writeUnlessSuperseded(planted({ ...held, ...change })));
  expect(await releaseHeld(world.process(undefined, between).ports, [held])).toBe(released);
  expect(await recordOf(world, event, id)).toMatchObject({
    ...(released ? { status: 'pending' } : held),
    ...change,
    revision: released + 2,
  });
  expect(world.count('retries')).toBe(released);
});
