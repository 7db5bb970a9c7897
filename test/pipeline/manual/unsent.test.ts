import { expect, vi } from 'vitest';
import { NextDelivery } from '../../../lib/domain/delivery-changes/next-delivery.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { pauseEndpoint, resumeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { startBulkRetry } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../../lib/pipeline/manual/retry-delivery.ts';
import { writeExhausted } from '../../support/manual.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const MINUTE = 60_000;

/** What a person asks for is accepted once it is recorded: the queue fails meanwhile. */
const test = base
  .extend('brokenQueues', ({ world }) => () => {
    vi.spyOn(world.ports.queues, 'send').mockRejectedValue(new ServiceFault('SQS does not answer'));
  })
  .extend('retry', ({ world }) => (eventId: string, endpointId: string) => {
    const id = deliveryId({ eventId, endpointId, ordinal: 0 });
    return retryDelivery(world.ports, TENANT, id);
  });

test('a retry of a finished delivery is accepted when its message can’t be sent, and sweep sends it', async ({
  world,
  process,
  brokenQueues,
  retry,
}) => {
  const endpoint = await world.endpointAnswering(200);
  const { id, url } = endpoint;
  const [{ eventId } = { eventId: '' }] = await writeExhausted(world, endpoint, 1);
  brokenQueues();
  expect((await retry(eventId, id)).delivery).toMatchObject({ ordinal: 1, status: 'pending' });
  expect(world.log.lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'manual.not-sent' }));
  vi.restoreAllMocks();
  await world.run(process, 20 * MINUTE);
  expect(world.customers.at(url)).toHaveLength(1);
  expect(await world.delivery(eventId, id, 1)).toMatchObject({ status: 'delivered' });
});

test('neither does a dead letter that can’t be made stale ask for another retry', async ({ world, process, retry }) => {
  const endpoint = await world.endpointAnswering(200);
  const { id, url } = endpoint;
  const [{ eventId } = { eventId: '' }] = await writeExhausted(world, endpoint, 1);
  const write = world.ports.deliveries.writeUnlessSuperseded.bind(world.ports.deliveries);
  vi.spyOn(world.ports.deliveries, 'writeUnlessSuperseded').mockImplementation((next, ...rest) =>
    NextDelivery.recordIn(next).status === 'exhausted'
      ? Promise.reject(new ServiceFault('throttled'))
      : write(next, ...rest),
  );
  expect((await retry(eventId, id)).delivery).toMatchObject({ ordinal: 1 });
  vi.restoreAllMocks();
  await world.run(process, MINUTE);
  expect(world.customers.at(url)).toHaveLength(1);
});

test('a retry of a waiting delivery is accepted likewise, and uses one attempt', async ({
  world,
  process,
  post,
  brokenQueues,
  retry,
}) => {
  const { id, url } = await world.endpointAnswering([500, 200], { retry: { delays: [3600] } });
  const eventId = await post();
  await world.run(process, MINUTE);
  brokenQueues();
  expect((await retry(eventId, id)).delivery).toMatchObject({ status: 'retrying', dueAt: world.clock.now() });
  vi.restoreAllMocks();
  await world.run(process, 20 * MINUTE);
  expect(world.customers.at(url)).toHaveLength(2);
});

test('a retry of a held delivery of a resumed endpoint is accepted likewise', async ({
  world,
  process,
  post,
  brokenQueues,
  retry,
}) => {
  const { id, url } = await world.endpointAnswering(200);
  await pauseEndpoint(world.ports, TENANT, id);
  const eventId = await post();
  await world.drain(process);
  await resumeEndpoint(world.ports, TENANT, id, 'release');
  brokenQueues();
  expect((await retry(eventId, id)).delivery).toMatchObject({ status: 'pending' });
  vi.restoreAllMocks();
  await world.store.queues.delete('jobs', await world.store.queues.receive('jobs', 10));
  await world.run(process, 40 * MINUTE);
  expect(world.customers.at(url)).toHaveLength(1);
});

test('a retry of a delivery without a record is not accepted when nothing can be sent', async ({
  world,
  post,
  brokenQueues,
  retry,
}) => {
  const { id } = await world.endpointAnswering(200);
  const eventId = await post();
  brokenQueues();
  await expect(retry(eventId, id)).rejects.toThrow(ServiceFault);
});

test('a bulk retry is accepted when its message can’t be sent, says so in the log, and sweep sends it', async ({
  world,
  process,
  brokenQueues,
}) => {
  const endpoint = await world.endpointAnswering(200);
  const { id, url } = endpoint;
  await writeExhausted(world, endpoint, 3);
  brokenQueues();
  const job = await startBulkRetry(world.ports, TENANT, { endpointId: id });
  const unsent = { level: 'error', event: 'job.not-sent', fields: { job_id: job.id } };
  expect(world.log.lines).toContainEqual(expect.objectContaining(unsent));
  vi.restoreAllMocks();
  await world.run(process, 20 * MINUTE);
  expect(world.customers.at(url)).toHaveLength(3);
  expect(await world.store.jobs.get(TENANT, job.id)).toMatchObject({ status: 'done', processed: 3 });
});
