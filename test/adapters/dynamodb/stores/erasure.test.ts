import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { Item } from '../../../../lib/adapters/dynamodb/access/item.ts';
import { toEventItems } from '../../../../lib/adapters/dynamodb/layout/event-item.ts';
import { Lifetime } from '../../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { openMockedStore } from '../fixture.ts';

const DAY_MS = 24 * 3600 * 1000;
const { store, calls, clock, make } = openMockedStore();
const stored = (data?: string): Item => {
  const event = data === undefined ? make.event() : make.event({ data });
  return toEventItems(event, new Lifetime(clock, 30 * DAY_MS)).item;
};

/** Erases the events of a tenant that has this one. @returns the sort keys of what is deleted, in that order */
async function deletedWith(event: Item): Promise<unknown[]> {
  calls.resetHistory();
  const inItsShard = { ExpressionAttributeValues: { ':pk': event.pk } };
  calls
    .on(QueryCommand)
    .resolves({ Items: [] })
    .on(QueryCommand, inItsShard)
    .resolves({ Items: [event] });
  await store.tenantData.removeSome(make.tenantId, 'events', 10, '');
  return calls.commandCalls(DeleteCommand).map((call) => call.args[0].input.Key?.sk);
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
