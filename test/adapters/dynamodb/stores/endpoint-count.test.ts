import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DynamoStore, openDynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../../../support/aws-emulators.ts';
import { RecordMaker } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const clock = new VirtualClock();
const make = new RecordMaker(clock);
const { tenantId } = make;

let dynamo: Emulator;
let tables: TestTables;
let store: DynamoStore;
let sent: object[];
beforeEach(async () => {
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection);
  sent = [];
  const send = (command: object) => {
    sent.push(command);
    return tables.client.send(command as never);
  };
  const client = { send } as unknown as typeof tables.client;
  store = openDynamoStore({ client, tables: tables.names, clock, random: { fraction: () => 0 } });
});
afterEach(async () => {
  await tables.remove();
  await dynamo.stop();
});

const queries = () => sent.filter((command) => command instanceof QueryCommand).length;

/** One creation after another. @returns what each counted before it */
async function create(count: number, limit: number): Promise<(number | undefined)[]> {
  const counted: (number | undefined)[] = [];
  for (let n = 0; n < count; n += 1) {
    counted.push(await store.endpoints.countOneMore(tenantId, limit));
    if (counted.at(-1) !== undefined) await store.endpoints.createUnlessExists(make.endpoint());
  }
  return counted;
}

test('of 300 creations three read the endpoints, and each of the others makes one write to count', async () => {
  expect(await create(300, 10_000)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  // Four shards each, at the first, the 129th and the 257th.
  expect(queries()).toBe(12);
  sent.length = 0;
  await store.endpoints.countOneMore(tenantId, 10_000);
  expect(sent.map(({ constructor }) => constructor)).toEqual([UpdateCommand]);
});

test('what was counted and never created does not keep others out', async () => {
  for (let n = 0; n < 8; n += 1) await store.endpoints.countOneMore(tenantId, 10);
  expect((await create(11, 10)).map((before) => before !== undefined)).toEqual([
    ...Array.from({ length: 10 }, () => true),
    false,
  ]);
});
