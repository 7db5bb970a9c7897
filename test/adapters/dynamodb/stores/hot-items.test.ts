import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brakesKey } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { HOT_ITEM_COPIES, everyShard } from '../../../../lib/adapters/dynamodb/layout/shards.ts';
import { type DynamoStore, openDynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../../../support/aws-emulators.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import { openMockedStore, serviceError } from '../fixture.ts';

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
    calls.on(UpdateCommand).resolves({ Attributes: { version: 1 } });
    calls.on(PutCommand).resolves({});
    await change(store);
    const updated = calls.commandCalls(UpdateCommand).map((call) => call.args[0].input.Key?.pk as string);
    const put = calls.commandCalls(PutCommand).map((call) => call.args[0].input.Item?.pk as string);
    const keys = [...updated, ...put];
    expect(keys).toHaveLength(HOT_ITEM_COPIES);
    expect(new Set(keys).size).toBe(HOT_ITEM_COPIES);
  });

  test.each(CHANGES)('%s that does not reach one of them is not answered', async (_, change) => {
    const { store, calls } = openMockedStore();
    calls.on(GetCommand).resolves({});
    let writes = 0;
    const secondFails = async () => {
      writes += 1;
      if (writes === 2) throw serviceError('ThrottlingException');
      return { Attributes: { version: 1 } };
    };
    calls.on(UpdateCommand).callsFake(secondFails).on(PutCommand).callsFake(secondFails);
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

describe('a call for a brake that dies between the copies', () => {
  const scope = { tenantId: 't' };
  let dynamo: Emulator;
  let tables: TestTables;
  beforeEach(async () => {
    dynamo = await startDynamo();
    tables = await createTables(dynamo.connection);
  });
  afterEach(async () => {
    await tables.remove();
    await dynamo.stop();
  });

  /** A process that reads this copy, and dies before its n-th write. */
  function open(copy: number, writesUntilDeath = Number.POSITIVE_INFINITY): DynamoStore {
    let writes = 0;
    const send = (command: object) => {
      writes += command instanceof PutCommand || command instanceof UpdateCommand ? 1 : 0;
      if (writes > writesUntilDeath) return Promise.reject(serviceError('ThrottlingException'));
      return tables.client.send(command as never);
    };
    const client = { send } as unknown as typeof tables.client;
    const random = { fraction: () => copy / HOT_ITEM_COPIES };
    return openDynamoStore({ client, tables: tables.names, clock: new VirtualClock(), random });
  }

  const copies = () => Promise.all(everyShard(HOT_ITEM_COPIES).map((copy) => open(copy).brakes.get(scope)));

  test.each([0, 1, 2, 3])('after %i writes is in force everywhere or nowhere after the next sweep', async (written) => {
    await expect(open(0, written).brakes.set(scope, 9)).rejects.toThrow(ServiceFault);
    expect((await open(1).brakes.standing())('t')).toBe(written > 0);
    expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => (written > 0 ? 9 : undefined)));

    await open(0).brakes.set(scope, 9);
    await expect(open(3, written).brakes.release(scope)).rejects.toThrow(ServiceFault);
    expect((await open(2).brakes.standing())('t')).toBe(written === 0);
    expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => (written === 0 ? 9 : undefined)));
  });

  test('is completed by the next call too, which says that it did something', async () => {
    await open(0).brakes.set(scope, 9);
    await expect(open(0, 1).brakes.release(scope)).rejects.toThrow(ServiceFault);
    expect(await open(0).brakes.release(scope)).toBe(true);
    expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => undefined));
    expect(await open(0).brakes.release(scope)).toBe(false);
  });

  test('and calls that cross each other leave all copies the same', async () => {
    for (let round = 0; round < 10; round += 1) {
      const calls = everyShard(HOT_ITEM_COPIES).flatMap((copy) => [
        open(copy).brakes.set({ tenantId: `t${copy}` }, round),
        open(copy).brakes.release({ tenantId: `t${(copy + 1) % HOT_ITEM_COPIES}` }),
      ]);
      await Promise.all(calls);
      const items = await Promise.all(
        everyShard(HOT_ITEM_COPIES).map((copy) =>
          tables.client.send(new GetCommand({ TableName: tables.names.config, Key: brakesKey(copy) })),
        ),
      );
      const contents = items.map(({ Item }) => canonicalJson({ ...Item, pk: '' }));
      expect(new Set(contents).size).toBe(1);
    }
  });
});
