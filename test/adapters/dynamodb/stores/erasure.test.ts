import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { Item } from '../../../../lib/adapters/dynamodb/access/item.ts';
import { toEventItems } from '../../../../lib/adapters/dynamodb/layout/event-item.ts';
import { Lifetime } from '../../../../lib/adapters/dynamodb/layout/lifetime.ts';
import type { AttemptSummary, Delivery } from '../../../../lib/domain/delivery.ts';
import { TABLES, openMockedStore } from '../fixture.ts';
import { toDeliveryItem } from '../../../../lib/adapters/dynamodb/layout/delivery-item.ts';

const DAY_MS = 24 * 3600 * 1000;
const { store, calls, clock, make } = openMockedStore();
const stored = (data?: string): Item => {
  const event = data === undefined ? make.event() : make.event({ data });
  return toEventItems(event, new Lifetime(clock, 30 * DAY_MS)).item;
};

/** The sort keys of what is deleted by the batch. */
function batches(): unknown[][] {
  return calls
    .commandCalls(BatchWriteCommand)
    .map((call) => (call.args[0].input.RequestItems?.[TABLES.log] ?? []).map((one) => one.DeleteRequest?.Key?.sk));
}

/** Erases the events of a tenant that has this one. @returns the sort keys of what is deleted, in that order */
async function deletedWith(event: Item): Promise<unknown[]> {
  calls.resetHistory();
  const inItsShard = { ExpressionAttributeValues: { ':pk': event.pk } };
  calls
    .on(BatchWriteCommand)
    .resolves({})
    .on(QueryCommand)
    .resolves({ Items: [] })
    .on(QueryCommand, inItsShard)
    .resolves({ Items: [event] });
  await store.tenantData.removeSome(make.tenantId, 'events', 10, '');
  return [...calls.commandCalls(DeleteCommand).map((call) => call.args[0].input.Key?.sk), ...batches().flat()];
}

test('a small event is erased by one write: its data has no item of its own', async () => {
  const event = stored();
  expect(await deletedWith(event)).toEqual([event.sk]);
});

test('the data of a large event is erased before the event', async () => {
  const event = stored('x'.repeat(9000));
  expect(await deletedWith(event)).toEqual(['BODY', event.sk]);
});

test('so is the data that a deletion of the payload may have left', async () => {
  const { data: _, ...left } = stored();
  expect(await deletedWith({ ...left, payload_deleted: { at: clock.now() } } as Item)).toEqual(['BODY', left.sk]);
});

/** Erases the deliveries of an endpoint that has these records. @returns the partitions that were asked for */
async function eraseDeliveries(records: readonly Delivery[]): Promise<string[]> {
  calls.resetHistory();
  const lifetime = new Lifetime(clock, 30 * DAY_MS);
  let left = records.map((record) => toDeliveryItem(record, lifetime, 4));
  calls.on(QueryCommand).callsFake(({ ExpressionAttributeValues, Limit }: QueryCommandInput) => {
    const pk = String(ExpressionAttributeValues?.[':pk']);
    if (pk.startsWith('ENDPOINTS#')) return { Items: pk.endsWith('#0') ? [{ pk, sk: records[0]?.endpointId }] : [] };
    const found = left.filter((item) => item.pk === pk).slice(0, Limit);
    left = left.filter((item) => !found.includes(item));
    return { Items: found };
  });
  await store.tenantData.removeSome(make.tenantId, 'endpoints', 500, '');
  return calls.commandCalls(QueryCommand).map((call) => String(call.args[0].input.ExpressionAttributeValues?.[':pk']));
}

const endpointId = make.endpointId();
const delivered: AttemptSummary = { number: 1, at: 0, durationMs: 5, statusCode: 204 };
const recordOf = (...attempts: AttemptSummary[]) => make.delivery({ endpointId, status: 'delivered', attempts });

test('deliveries are erased 25 a request, and the answers of those that never failed cost none', async () => {
  const records = Array.from({ length: 110 }, () => recordOf(delivered));
  const asked = await eraseDeliveries(records);
  expect(batches().flat()).toHaveLength(110);
  expect(batches().map(({ length }) => length)).toEqual([25, 25, 25, 25, 10]);
  expect(asked.filter((pk) => pk.startsWith('ATTEMPTS#'))).toEqual([]);
});

test('the answers of failed attempts are looked for before their deliveries go', async () => {
  const failed = recordOf({ ...delivered, statusCode: 500, errorKind: 'status' }, { ...delivered, number: 2 });
  const asked = await eraseDeliveries([recordOf(delivered), failed, recordOf({ ...delivered, errorKind: 'network' })]);
  expect(asked.filter((pk) => pk.startsWith('ATTEMPTS#'))).toHaveLength(2);
});

test('what a busy table left of a batch is deleted one by one', async () => {
  const records = [recordOf(delivered), recordOf(delivered)];
  calls
    .on(BatchWriteCommand)
    .callsFakeOnce(({ RequestItems = {} }: BatchWriteCommandInput) => ({
      UnprocessedItems: { [TABLES.log]: RequestItems[TABLES.log]?.slice(1) },
    }))
    .resolves({});
  await eraseDeliveries(records);
  const ofDeliveries = calls.commandCalls(DeleteCommand).map((call) => String(call.args[0].input.Key?.pk));
  expect(ofDeliveries.filter((pk) => pk.startsWith('DELIVERY#'))).toHaveLength(1);
});
