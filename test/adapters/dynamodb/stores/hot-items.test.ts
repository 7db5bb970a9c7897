import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { HOT_ITEM_COPIES } from '../../../../lib/adapters/dynamodb/layout/shards.ts';
import { type DynamoStore, openDynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import { createTables, startDynamo } from '../../../support/aws-emulators.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import { TABLES, openMockedStore, serviceError } from '../fixture.ts';

const pointers = [{ tenantId: 't', endpointId: 'ep_1', eventId: 'evt_1', ordinal: 0 }];

const CHANGES: [string, (store: DynamoStore) => Promise<unknown>][] = [
  ['a number of a shard', (store) => store.subscriptions.raiseShard('t', 3)],
  ['a quota', (store) => store.subscriptions.setQuota('t', 5)],
  ['a brake', (store) => store.brakes.set('deployment', 1)],
  ['a release', (store) => store.brakes.release('deployment')],
];

describe('an item that each event or batch reads has copies', () => {
  test.each(CHANGES)('%s is written to each of them, in partitions of their own', async (_, change) => {
    const { store, calls } = openMockedStore();
    calls.on(GetCommand).resolves({});
    calls.on(UpdateCommand).resolves({ Attributes: {} });
    await change(store);
    const keys = calls.commandCalls(UpdateCommand).map((call) => call.args[0].input.Key?.pk as string);
    expect(new Set(keys).size).toBe(HOT_ITEM_COPIES);
  });

  test.each(CHANGES)('%s that does not reach one of them is not answered', async (_, change) => {
    const { store, calls } = openMockedStore();
    calls.on(GetCommand).resolves({});
    calls
      .on(UpdateCommand)
      .resolves({ Attributes: {} })
      .on(UpdateCommand, { TableName: TABLES.config })
      .resolvesOnce({ Attributes: {} })
      .rejectsOnce(serviceError('ThrottlingException'))
      .resolves({ Attributes: {} });
    await expect(change(store)).rejects.toThrow(ServiceFault);
  });

  test('whichever one a process reads, it sees what was answered', { timeout: 30_000 }, async () => {
    const dynamo = await startDynamo();
    const { client, names: tables, remove } = await createTables(dynamo.connection);
    const clock = new VirtualClock();
    const stores = Array.from({ length: HOT_ITEM_COPIES }, (_, copy) =>
      openDynamoStore({ client, tables, clock, random: { fraction: () => copy / HOT_ITEM_COPIES } }),
    );
    const [first] = stores as [DynamoStore];
    for (let n = 0; n < 3; n += 1) await first.subscriptions.raiseShard('t', 7);
    await first.subscriptions.setQuota('t', 5);
    await first.brakes.set({ tenantId: 't' }, 9);
    for (const store of stores) {
      expect(await store.subscriptions.tenant('t')).toEqual({ shards: new Map([[7, 3]]), eventsPerSecond: 5 });
      expect(await store.brakes.get({ tenantId: 't' })).toBe(9);
      expect(await store.reader.read(pointers, 'eventual')).toMatchObject([{ braked: true }]);
    }
    await remove();
    await dynamo.stop();
  });
});
