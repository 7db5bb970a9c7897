import { expect } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { newJobId } from '../../lib/domain/ids.ts';
import { writeDeliveryMessage, writeJobMessage } from '../../lib/domain/message.ts';
import { startJob } from '../../lib/pipeline/job-start.ts';
import { createSlowWork } from '../../lib/pipeline/slow-work.ts';
import type { ReceivedMessage } from '../../lib/ports/queues.ts';
import { test } from '../support/pipeline-test.ts';
import { plantEndpoints } from '../support/many-endpoints.ts';
import { RecordMaker } from '../support/records.ts';
import { TENANT, type World } from '../support/world.ts';

function probeMessage(world: World): string {
  const jobId = newJobId({ now: () => world.clock.now(), fraction: () => 0.5 });
  return writeJobMessage({ tenantId: TENANT, jobId, step: 0 });
}

const ids = (messages: readonly ReceivedMessage[]) => messages.map(({ messageId }) => messageId);

test('a batch of slow is sorted into attempts and probes, which are worked side by side', async ({ world, post }) => {
  const endpoint = await world.endpointAnswering(200);
  const pointer = { tenantId: TENANT, endpointId: endpoint.id, eventId: await post(), ordinal: 0, epoch: 0 };
  const bodies = [writeDeliveryMessage(pointer), probeMessage(world), 'not ours', '{"v":99,"job":"of newer code"}'];
  await world.store.queues.send(
    'slow',
    bodies.map((body) => ({ body, group: TENANT })),
  );
  const messages = await world.store.queues.receive('slow', 10);
  const seen: Record<string, string[]> = {};
  const deadlines = new Set<number>();
  const answered = Promise.withResolvers<void>();
  const work = createSlowWork(
    async ({ queue, messages: some, deadline: end }) => {
      deadlines.add(end);
      seen[`dispatch ${queue}`] = some.map(({ body }) => body);
      // It ends only if the probes are worked meanwhile.
      await answered.promise;
      return ids(some).slice(1);
    },
    async ({ queue, messages: some, deadline: end }) => {
      deadlines.add(end);
      seen[`jobs ${queue}`] = some.map(({ body }) => body);
      answered.resolve();
      return ids(some).slice(0, 1);
    },
  );
  const deadline = world.clock.now() + 60_000;
  const kept = await work({ messages, deadline });
  expect([...deadlines]).toEqual([deadline]);
  expect(seen).toEqual({ 'dispatch slow': [bodies[0], bodies[2]], 'jobs slow': [bodies[1], bodies[3]] });
  const byBody = (body = '') => messages.find((message) => message.body === body)?.messageId;
  expect(kept.toSorted()).toEqual([byBody(bodies[2]), byBody(bodies[1])].toSorted());
});

test('a backlog of slow endpoints does not delay a probe: its group has its own turn', async ({ world }) => {
  const flood = Array.from({ length: 500 }, (_, n) => ({ body: `attempt ${n}`, group: `ep_${n % 3}` }));
  await world.store.queues.send('slow', flood);
  const now = world.clock.now();
  const id = newJobId({ now: () => now, fraction: () => 0.5 });
  const times = { checkAt: now, createdAt: now, updatedAt: now };
  await startJob(world.ports, {
    ...times,
    tenantId: TENANT,
    id,
    kind: 'probe',
    status: 'running',
    step: 0,
    processed: 0,
  });
  const next = await world.store.queues.receive('slow', 10);
  expect(next.map(({ body }) => body)).toContain(writeJobMessage({ tenantId: TENANT, jobId: id, step: 0 }));
});

test('a tenant with a thousand slow endpoints delays nobody else’s: a tenant takes one turn', async ({
  world,
  process,
}) => {
  const make = new RecordMaker(world.clock);
  const now = world.clock.now();
  const slow = async (tenantId: string, count: number) => {
    const endpoints: Endpoint[] = Array.from({ length: count }, () => make.endpoint({ tenantId }));
    await plantEndpoints(world, endpoints);
    for (const { id: endpointId, generation } of endpoints)
      await world.store.health.noteSlow({ tenantId, endpointId, generation, since: now, until: now + 600_000 });
    return endpoints;
  };
  const handOver = async (endpoints: readonly Endpoint[]) => {
    for (const { tenantId, id } of endpoints) {
      const event = make.event({ tenantId, endpointIds: [id] });
      await world.store.events.putUnlessExists(event);
      const pointer = { tenantId, endpointId: id, eventId: event.id, ordinal: 0, epoch: 0 };
      await world.store.queues.send('deliveries', [{ body: writeDeliveryMessage(pointer), group: tenantId }]);
      const messages = await world.store.queues.receive('deliveries', 10);
      expect(await process.handle('deliveries', messages)).toEqual([]);
      await world.store.queues.delete('deliveries', messages);
    }
  };
  await handOver(await slow('org_many', 1000));
  const [other] = await slow('org_other', 1);
  await handOver(other ? [other] : []);
  expect(world.count('slow')).toBe(1001);
  const received = [
    ...(await world.store.queues.receive('slow', 10)),
    ...(await world.store.queues.receive('slow', 10)),
  ];
  expect(received.map(({ body }) => body)).toContainEqual(expect.stringContaining(String(other?.id)));
});
