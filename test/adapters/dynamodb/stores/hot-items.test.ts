import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
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
    calls.on(UpdateCommand).resolves({ Attributes: { version: 1, settings_version: 1 } });
    calls.on(PutCommand).resolves({});
    calls.on(DeleteCommand).resolves({});
    await change(store);
    const updated = calls.commandCalls(UpdateCommand).map((call) => call.args[0].input.Key?.pk as string);
    const put = calls.commandCalls(PutCommand).map((call) => call.args[0].input.Item?.pk as string);
    const keys = [...updated, ...put].filter((pk) => pk !== 'SETTINGS');
    expect(keys).toHaveLength(HOT_ITEM_COPIES);
    expect(new Set(keys).size).toBe(HOT_ITEM_COPIES);
  });

  test.each(CHANGES)('%s that does not reach one of them is not answered', async (_, change) => {
    const { store, calls } = openMockedStore();
    calls.on(GetCommand).resolves({});
    let writes = 0;
    const secondFails = async ({ Key }: UpdateCommandInput) => {
      writes += Key?.pk === 'SETTINGS' ? 0 : 1;
      if (writes === 2) throw serviceError('ThrottlingException');
      return { Attributes: { version: 1, settings_version: 1 } };
    };
    calls.on(UpdateCommand).callsFake(secondFails).on(PutCommand).callsFake(secondFails);
    await expect(change(store)).rejects.toThrow(ServiceFault);
  });

  test('whichever one a process reads, it sees what was answered', { timeout: 30_000 }, async () => {
    const dynamo = await startDynamo();
    const { client, names: tables, remove } = await createTables(dynamo.connection, dynamo.direct);
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

describe('a call that dies between the copies', () => {
  const scope = { tenantId: 't' };
  const clock = new VirtualClock();
  let dynamo: Emulator;
  let tables: TestTables;
  beforeEach(async () => {
    dynamo = await startDynamo();
    tables = await createTables(dynamo.connection, dynamo.direct);
  });
  afterEach(async () => {
    await tables.remove();
    await dynamo.stop();
  });

  /** A process that reads this copy, and dies before its n-th write. */
  function open(copy: number, writesUntilDeath = Number.POSITIVE_INFINITY): DynamoStore {
    let writes = 0;
    const send = (command: object) => {
      const isWrite = [PutCommand, UpdateCommand, DeleteCommand].some((kind) => command instanceof kind);
      writes += isWrite ? 1 : 0;
      if (writes > writesUntilDeath) return Promise.reject(serviceError('ThrottlingException'));
      return tables.client.send(command as never);
    };
    const client = { send } as unknown as typeof tables.client;
    const random = { fraction: () => copy / HOT_ITEM_COPIES };
    return openDynamoStore({ client, tables: tables.names, clock, random });
  }

  const copies = () => Promise.all(everyShard(HOT_ITEM_COPIES).map((copy) => open(copy).brakes.get(scope)));

  test.each([0, 1, 2, 3])(
    'for a brake, after %i writes, is in force everywhere or nowhere after the next sweep',
    async (written) => {
      await expect(open(0, written).brakes.set(scope, 9)).rejects.toThrow(ServiceFault);
      expect((await open(1).brakes.standing())('t')).toBe(written > 0);
      expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => (written > 0 ? 9 : undefined)));

      await open(0).brakes.set(scope, 9);
      await expect(open(3, written).brakes.release(scope)).rejects.toThrow(ServiceFault);
      expect((await open(2).brakes.standing())('t')).toBe(written === 0);
      expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => (written === 0 ? 9 : undefined)));
    },
  );

  test('for a brake is completed by the next call too, which says that it did something', async () => {
    await open(0).brakes.set(scope, 9);
    await expect(open(0, 1).brakes.release(scope)).rejects.toThrow(ServiceFault);
    expect(await open(0).brakes.release(scope)).toBe(true);
    expect(await copies()).toEqual(Array.from({ length: HOT_ITEM_COPIES }, () => undefined));
    expect(await open(0).brakes.release(scope)).toBe(false);
  });

  const settings = () =>
    Promise.all(
      everyShard(HOT_ITEM_COPIES).map(async (copy) => {
        const { eventsPerSecond, eventTypePolicy } = await open(copy).subscriptions.tenant('t');
        return { eventsPerSecond, eventTypePolicy };
      }),
    );
  const everywhere = <T>(value: T) => Array.from({ length: HOT_ITEM_COPIES }, () => value);
  const POLICY = { dataCheck: 'refuse' } as const;

  test.each([0, 1, 2, 3, 4, 5])(
    'for a quota, after %i writes, is in force everywhere or nowhere after a sweep a minute later',
    async (written) => {
      await open(0).subscriptions.setEventTypePolicy('t', POLICY);
      const later = () => open(2).subscriptions.completeSettings(clock.now() - 60_000);
      for (const [quota, before] of [
        [5, undefined],
        [undefined, 5],
      ]) {
        await expect(open(1, written).subscriptions.setQuota('t', quota)).rejects.toThrow(ServiceFault);
        const [left] = [await settings()];
        await later();
        expect(await settings()).toEqual(left);
        await clock.advance(60_001);
        await later();
        const eventsPerSecond = written > 1 ? quota : before;
        expect(await settings()).toEqual(everywhere({ eventsPerSecond, eventTypePolicy: POLICY }));
        expect(await notes()).toEqual([]);
        await open(3).subscriptions.setQuota('t', quota);
      }
    },
  );

  test('for a quota, is not taken for another call that is under way', async () => {
    await expect(open(0, 2).subscriptions.setQuota('t', 5)).rejects.toThrow(ServiceFault);
    await clock.advance(60_001);
    await expect(open(0, 1).subscriptions.setQuota('t', 6)).rejects.toThrow(ServiceFault);
    await open(0).subscriptions.completeSettings(clock.now() - 60_000);
    expect(await notes()).toHaveLength(1);
    await clock.advance(60_001);
    await open(0).subscriptions.completeSettings(clock.now() - 60_000);
    expect(await settings()).toEqual(everywhere({ eventsPerSecond: 5, eventTypePolicy: undefined }));
  });

  test('and quotas and policies that cross each other leave all copies the same', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const calls = everyShard(HOT_ITEM_COPIES).flatMap((copy) => [
        open(copy).subscriptions.setQuota('t', round * 10 + copy),
        open(copy).subscriptions.setEventTypePolicy('t', copy % 2 === 0 ? POLICY : {}),
      ]);
      await Promise.all(calls);
      expect(new Set((await settings()).map(canonicalJson)).size).toBe(1);
      expect(await notes()).toEqual([]);
    }
  });

  const notes = async () => {
    const pk = { ':pk': 'SETTINGS' };
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: pk };
    return (await tables.client.send(new QueryCommand({ TableName: tables.names.config, ...query }))).Items;
  };

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

  test('and a brake that a release overtakes there is put over none of the newer copies', async () => {
    let isOvertaken = false;
    const send = async (command: object) => {
      if (command instanceof PutCommand && !isOvertaken) {
        isOvertaken = true;
        await open(1).brakes.release(scope);
      }
      return tables.client.send(command as never);
    };
    const client = { send } as unknown as typeof tables.client;
    const late = openDynamoStore({ client, tables: tables.names, clock, random: { fraction: () => 0 } });
    await late.brakes.set(scope, 9);
    expect(isOvertaken).toBe(true);
    expect(await copies()).toEqual(everywhere(undefined));
  });
});
