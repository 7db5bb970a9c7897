import { expect } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import type { AlertMessage } from '../../../lib/ports/alert-channels.ts';
import { toldTo } from '../../support/alerts.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A topic that refuses so many calls before it takes one; what it took, and when. */
function openTopic(world: World, refusals: number) {
  const taken: (AlertMessage & { takenAt: number })[] = [];
  let calls = 0;
  world.channels = {
    publish: async (message) => {
      calls += 1;
      if (calls <= refusals) throw new ServiceFault('SNS Publish failed: Throttled');
      taken.push({ ...message, takenAt: world.clock.now() });
      return 'taken';
    },
  };
  return { taken, calls: () => calls };
}

const test = base.extend(
  'dead',
  ({ world }) =>
    () =>
      world.endpointAnswering(500, { retry: { delays: [] } }),
);

/** Its process is made after the topic is there. */
async function pauseOne(world: World): Promise<Endpoint> {
  const endpoint = await world.endpointAnswering(200, { label: 'Orders' });
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  return endpoint;
}

test('an alert is published to the topic, whether or not an endpoint asks for it', async ({ world }) => {
  const topic = openTopic(world, 0);
  const endpoint = await pauseOne(world);
  await world.run(world.process(), MINUTE);
  expect(topic.taken).toMatchObject([{ type: 'postrider.endpoint.paused', tenantId: TENANT }]);
  expect(JSON.parse(topic.taken[0]?.data ?? '')).toMatchObject({ endpoint_id: endpoint.id, reason: 'manual' });
});

test('the topic gets what the webhook says, under the same id', async ({ world }) => {
  const topic = openTopic(world, 0);
  const owner = await world.endpointAnswering(200, { events: ['postrider.*'] });
  await pauseOne(world);
  await world.run(world.process(), MINUTE);
  const [request] = world.customers.at(owner.url);
  expect(topic.taken.map(({ id }) => id)).toEqual([request?.headers['webhook-id']]);
  expect(JSON.parse(topic.taken[0]?.data ?? '')).toEqual(toldTo(world, owner.url)[0]?.data);
});

test('a topic that refuses is tried again, and keeps no webhook waiting', async ({ world }) => {
  const topic = openTopic(world, 2);
  const owner = await world.endpointAnswering(200, { events: ['postrider.*'] });
  await pauseOne(world);
  const begin = world.clock.now();
  await world.run(world.process(), HOUR);
  expect(topic.taken).toHaveLength(1);
  expect((topic.taken[0]?.takenAt ?? 0) - begin).toBeGreaterThanOrEqual(3 * MINUTE);
  expect(toldTo(world, owner.url)[0]?.at).toBe(begin);
  expect(world.customers.at(owner.url)).toHaveLength(1);
});

test('a topic that refuses for half an hour is given up, and the delivery says why', async ({ world, dead }) => {
  const topic = openTopic(world, 100);
  const endpoint = await dead();
  const process = world.process();
  const { id } = await process.ingest(world.request());
  await world.run(process, 2 * HOUR);
  expect(topic.calls()).toBe(6);
  const delivery = await world.delivery(id, endpoint.id);
  expect(delivery?.alertError).toBe('SNS Publish failed: Throttled');
  expect(delivery?.alertSentAt).toBeUndefined();
  expect(world.log.named('job.alert-not-sent')).toHaveLength(6);
});

test('a delivery that only the topic was told of says when', async ({ world, dead }) => {
  const topic = openTopic(world, 0);
  const endpoint = await dead();
  const process = world.process();
  const { id } = await process.ingest(world.request());
  await world.run(process, MINUTE);
  const delivery = await world.delivery(id, endpoint.id);
  expect(delivery?.alertSentAt).toBe(topic.taken[0]?.takenAt);
  expect(delivery?.alertError).toBeUndefined();
});
