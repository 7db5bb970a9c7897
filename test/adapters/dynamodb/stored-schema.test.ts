import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEMA_KEY } from '../../../lib/adapters/dynamodb/layout/keys.ts';
import { SCHEMA } from '../../../lib/adapters/dynamodb/layout/stored-schema.ts';
import { type DynamoStore, openDynamoStore } from '../../../lib/adapters/dynamodb/store.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../../support/aws-emulators.ts';
import { RecordMaker, written } from '../../support/records.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { openMockedStore } from './fixture.ts';

const MINUTE = 60_000;
const clock = new VirtualClock();
const make = new RecordMaker(clock);
const minute = Math.floor(clock.now() / MINUTE) + 10;
const PATIENCE = { timeout: 5000, interval: 20 };

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

/** A process of its own. */
const open = (dueShards?: number, client = tables.client): DynamoStore =>
  openDynamoStore({
    client,
    tables: tables.names,
    clock,
    random: systemRandom,
    ...(dueShards !== undefined && { dueShards }),
  });

async function stored() {
  const { Item } = await tables.client.send(new GetCommand({ TableName: tables.names.config, Key: SCHEMA_KEY }));
  return Item;
}

/** Writes so many overdue deliveries; gives their events. */
async function fill(store: DynamoStore, count: number): Promise<string[]> {
  const records = Array.from({ length: count }, () => make.delivery({ checkAt: minute * MINUTE }));
  await Promise.all(records.map((record) => written(store.deliveries, record)));
  return records.map(({ eventId }) => eventId);
}

/** The events of each shard, as a sweep reads them. */
async function shardsOf({ due }: DynamoStore): Promise<string[][]> {
  const shards = Array.from({ length: await due.raiseShards() }, async (_, shard) => {
    const { entries } = await due.page({ minute, shard }, undefined, 1000);
    return entries.flatMap((entry) => (entry.kind === 'delivery' ? entry.key.eventId : []));
  });
  return Promise.all(shards);
}

describe('the number of shards of the due index', () => {
  test('is written by the first sweep, with the schema', async () => {
    expect(await stored()).toBeUndefined();
    expect(await open().due.raiseShards()).toBe(4);
    expect(await stored()).toMatchObject({ schema: SCHEMA, due_shards: 4 });
  });

  test('is only read by others, before the first sweep too: their roles may not write it', async () => {
    const overview = open();
    expect(await overview.due.shards()).toBe(4);
    expect(await stored()).toBeUndefined();
    await open(8).due.raiseShards();
    expect(await overview.due.shards()).toBe(8);
  });

  test('is raised when sweep is told so, and never lowered', async () => {
    await open().due.raiseShards();
    expect(await open(16).due.raiseShards()).toBe(16);
    expect(await open(8).due.raiseShards()).toBe(16);
    expect(await open().due.raiseShards()).toBe(16);
    expect(await stored()).toMatchObject({ schema: SCHEMA, due_shards: 16 });
  });

  test('may grow while processes write: sweep finds what the older and the newer ones wrote', async () => {
    const older = open();
    const before = await fill(older, 20);
    const sweep = open(8);
    expect(await sweep.due.raiseShards()).toBe(8);
    const after = [...(await fill(older, 20)), ...(await fill(open(), 60))];
    const found = async () => (await shardsOf(sweep)).flat().toSorted();
    await expect.poll(found, PATIENCE).toEqual([...before, ...after].toSorted());
    expect((await shardsOf(sweep)).every((shard) => shard.length > 0)).toBe(true);
  });

  test('is raised in a running sweep that a later deployment overtakes', async () => {
    const sweep = open();
    expect(await sweep.due.raiseShards()).toBe(4);
    await open(8).due.raiseShards();
    expect(await sweep.due.raiseShards()).toBe(8);
  });

  test('is what a later deployment has made it, also between the reading and the raising of an earlier one', async () => {
    let isOvertaken = false;
    const overtaken = new Proxy(tables.client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'send') return value;
        return async (command: GetCommand) => {
          const answer = await target.send(command);
          if (command instanceof GetCommand && !isOvertaken) {
            isOvertaken = true;
            await open(16).due.raiseShards();
          }
          return answer;
        };
      },
    });
    expect(await open(8, overtaken).due.raiseShards()).toBe(16);
    expect(isOvertaken).toBe(true);
  });
});

describe('tables of another schema', () => {
  const writeSchema = (schema: number) =>
    tables.client.send(
      new PutCommand({ TableName: tables.names.config, Item: { ...SCHEMA_KEY, schema, due_shards: 4 } }),
    );

  test.each([
    [SCHEMA + 1, 'the version that wrote them, or a newer one.'],
    [SCHEMA - 1, 'the version that wrote them.'],
  ])('stop every call of schema %i with one line that says what to do', async (schema, remedy) => {
    await writeSchema(schema);
    const store = open();
    const line = `The tables of ${tables.names.config} have schema ${schema}, this version of Postrider has schema ${SCHEMA}: deploy ${remedy}`;
    const record = make.delivery();
    const calls = [
      () => store.subscriptions.tenant('t'),
      () => store.apiKeys.find('hash'),
      () => store.reader.read([record], 'eventual'),
      () => written(store.deliveries, record),
      () => store.due.watermark(),
      () => store.due.raiseShards(),
    ];
    for (const call of calls) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error, `${call}`).toBeInstanceOf(ServiceFault);
      expect(error).toMatchObject({ name: 'SchemaMismatch', message: line });
    }
    await writeSchema(SCHEMA);
    expect(await store.deliveries.get(record)).toBeUndefined();
  });
});

test('a process reads the schema once, before its first call', async () => {
  const { store, calls } = openMockedStore();
  calls.on(GetCommand).resolves({});
  for (let n = 0; n < 3; n += 1) await store.jobs.get('t', make.job().id);
  const keys = calls.commandCalls(GetCommand).map((call) => call.args[0].input.Key?.sk as string);
  expect(keys.filter((sk) => sk === SCHEMA_KEY.sk)).toHaveLength(1);
  expect(keys).toHaveLength(4);
  expect(keys[0]).toBe(SCHEMA_KEY.sk);
});
