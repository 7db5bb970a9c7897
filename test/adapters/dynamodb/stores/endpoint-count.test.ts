import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../lib/domain/endpoint.ts';
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
/** Called once, when the next count has read its last shard. */
let onCounted: (() => Promise<unknown>) | undefined;
/** Calls that never arrive. */
let isLost: (command: object) => boolean;
beforeEach(async () => {
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection, dynamo.direct);
  sent = [];
  onCounted = undefined;
  isLost = () => false;
  const send = async (command: object) => {
    sent.push(command);
    if (isLost(command)) throw new Error('lost');
    const answer: unknown = await tables.client.send(command as never);
    if (command instanceof QueryCommand && queries() % 4 === 0) {
      const then = onCounted;
      onCounted = undefined;
      await then?.();
    }
    return answer;
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

test(
  'of 300 creations three read the endpoints, and each of the others makes one write to count',
  { timeout: 60_000 },
  async () => {
    expect(await create(300, 10_000)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    // Four shards each, at the first, the 129th and the 257th.
    expect(queries()).toBe(12);
    sent.length = 0;
    await store.endpoints.countOneMore(tenantId, 10_000);
    expect(sent.map(({ constructor }) => constructor)).toEqual([UpdateCommand]);
  },
);

test('what was counted and never created does not keep others out', async () => {
  for (let n = 0; n < 8; n += 1) await store.endpoints.countOneMore(tenantId, 10);
  expect((await create(11, 10)).map((before) => before !== undefined)).toEqual([
    ...Array.from({ length: 10 }, () => true),
    false,
  ]);
});

test('at the limit, a refused creation reads one small item: the endpoints are counted once a minute', async () => {
  await create(5, 5);
  expect(await store.endpoints.countOneMore(tenantId, 5)).toBeUndefined();
  sent.length = 0;
  for (let n = 0; n < 20; n += 1) expect(await store.endpoints.countOneMore(tenantId, 5)).toBeUndefined();
  expect(queries()).toBe(0);
  expect(sent.filter((command) => command instanceof GetCommand)).toHaveLength(20);
  await clock.advance(60_000);
  await create(3, 5);
  expect(queries()).toBe(4);
});

describe('a revocation', () => {
  let mine: Endpoint[];
  const revoke = ([endpoint]: Endpoint[]) =>
    store.endpoints.replaceIfGeneration({ ...(endpoint as Endpoint), generation: 2, status: 'revoked' }, 1);
  beforeEach(async () => {
    mine = Array.from({ length: 5 }, () => make.endpoint());
    for (const endpoint of mine) await store.endpoints.createUnlessExists(endpoint);
  });

  test('lets the next creation through, though the endpoints are being counted meanwhile', async () => {
    expect(await create(1, 5)).toEqual([undefined]);
    await revoke(mine);
    expect(await create(2, 5)).toEqual([4, undefined]);
    await clock.advance(60_000);
    onCounted = () => revoke(mine.slice(1));
    expect(await create(2, 5)).toEqual([undefined, 4]);
  });

  test('whose note is lost keeps nobody out for longer than a minute', async () => {
    await create(1, 5);
    isLost = (command) => command instanceof UpdateCommand && `${command.input.UpdateExpression}`.includes('#freed');
    await expect(revoke(mine)).rejects.toThrow('UpdateItem');
    expect(await create(1, 5)).toEqual([undefined]);
    await clock.advance(60_000);
    expect(await create(1, 5)).toEqual([4]);
  });
});
