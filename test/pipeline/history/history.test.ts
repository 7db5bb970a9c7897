import { expect } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { getDelivery, getEvent, getJob, listDeliveriesOfEvent } from '../../../lib/pipeline/history/history.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const HOUR = 3_600_000;

test('an event counts each of its deliveries once, those without a record as pending', async ({
  world,
  process,
  post,
}) => {
  await world.endpointAnswering(200);
  await world.endpointAnswering([500, 200], { retry: { delays: [3600] } });
  const eventId = await post();
  expect((await getEvent(world.ports, TENANT, eventId)).counts).toMatchObject({ pending: 2, delivered: 0 });
  await world.drain(process);
  expect((await getEvent(world.ports, TENANT, eventId)).counts).toMatchObject({
    delivered: 1,
    retrying: 1,
    pending: 0,
  });
});

test('the pages of an event’s deliveries have each of them once, the newest endpoint first', async ({
  world,
  process,
  post,
}) => {
  const endpoints = [];
  for (let n = 0; n < 5; n += 1) endpoints.push(await world.endpointAnswering(200));
  const eventId = await post();
  await world.drain(process);
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listDeliveriesOfEvent(world.ports, TENANT, eventId, { limit: 2, ...(cursor && { cursor }) });
    expect(page.data.length).toBeLessThanOrEqual(2);
    listed.push(...page.data.map(({ delivery }) => delivery.endpointId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(listed).toEqual(
    endpoints
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
});

test('a delivery without a record that should have had one by now is shown as unconfirmed', async ({ world, post }) => {
  const endpoint = await world.endpointAnswering(200);
  const eventId = await post();
  const id = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 });
  expect((await getDelivery(world.ports, TENANT, id)).delivery).not.toHaveProperty('statusReason');
  await world.clock.advance(24 * HOUR);
  expect((await getDelivery(world.ports, TENANT, id)).delivery).toMatchObject({
    status: 'pending',
    statusReason: 'unconfirmed',
  });
});

test('what is not there, or of another tenant, is not found', async ({ world, post }) => {
  const endpoint = await world.endpointAnswering(200);
  const eventId = await post();
  const id = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 0 });
  const other = deliveryId({ eventId, endpointId: endpoint.id, ordinal: 1 });
  for (const read of [
    () => getEvent(world.ports, 'org_other', eventId),
    () => getDelivery(world.ports, 'org_other', id),
    () => getDelivery(world.ports, TENANT, other),
    () => getDelivery(world.ports, TENANT, 'del_nonsense'),
    () => getJob(world.ports, TENANT, 'job_nonsense'),
  ]) {
    await expect(read()).rejects.toMatchObject({ code: 'not-found' });
  }
});
