import { BatchGetCommand, type BatchGetCommandInput, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { toEventItems } from '../../../../lib/adapters/dynamodb/layout/event-item.ts';
import { statusIndexKey } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { Lifetime } from '../../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { STATUS_GROUPS, shardOf } from '../../../../lib/adapters/dynamodb/layout/shards.ts';
import type { RecordMaker } from '../../../support/records.ts';
import { TABLES, batchRequests, keysOf, openMockedStore } from '../fixture.ts';

/** Ten pointers as a batch may have them: one event to several endpoints, several events to one, and one twice. */
function batchOfTen(make: RecordMaker) {
  const eventId = make.event().id;
  const endpointId = make.endpointId();
  const fanned = Array.from({ length: 4 }, () => make.delivery({ eventId }));
  const toOne = Array.from({ length: 5 }, () => make.delivery({ endpointId }));
  return [...fanned, ...toOne, ...fanned.slice(0, 1)];
}

describe('one read a batch', () => {
  test('ten pointers are one consistent request over both tables, and no key twice', async () => {
    const { store, calls, make } = openMockedStore();
    calls.on(BatchGetCommand).resolves({});
    expect(await store.reader.read(batchOfTen(make), 'consistent')).toHaveLength(10);
    const [request, ...others] = batchRequests(calls);
    expect(others).toEqual([]);
    expect(Object.keys(request?.RequestItems ?? {}).toSorted()).toEqual([TABLES.config, TABLES.log]);
    for (const table of Object.values(request?.RequestItems ?? {})) expect(table.ConsistentRead).toBe(true);
    const keys = keysOf(request as BatchGetCommandInput);
    // 1 + 5 events, 9 records, 4 + 1 endpoints (each with its health), all brakes.
    expect(keys).toHaveLength(6 + 9 + 5 + 1);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('of first attempts the log is read at half the price, the endpoint and the brakes consistently', async () => {
    const { store, calls, make } = openMockedStore();
    calls.on(BatchGetCommand).resolves({});
    await store.reader.read(batchOfTen(make), 'eventual');
    const [request, ...others] = batchRequests(calls);
    expect(others).toEqual([]);
    const { [TABLES.config]: config, [TABLES.log]: log } = request?.RequestItems ?? {};
    expect(config?.ConsistentRead).toBe(true);
    expect(config?.Keys?.map(({ pk }) => String(pk).split('#')[0]).toSorted()).toEqual([
      'BRAKES',
      ...Array.from({ length: 5 }, () => 'ENDPOINTS'),
    ]);
    expect(log).not.toHaveProperty('ConsistentRead');
    expect(log?.Keys).toHaveLength(6 + 9);
  });

  // The data is put before its event: whoever has seen the event finds it, if the read of it is consistent.
  test.each(['consistent', 'eventual'] as const)(
    'only data that stands apart needs a second request, for that alone, which is consistent: the log %s',
    async (log) => {
      const { store, calls, clock, make } = openMockedStore();
      const [small, large] = [make.event(), make.event({ data: 'x'.repeat(9000) })];
      const lifetime = new Lifetime(clock, 1000);
      const [ofSmall, ofLarge] = [toEventItems(small, lifetime), toEventItems(large, lifetime)];
      calls
        .on(BatchGetCommand)
        .resolvesOnce({ Responses: { [TABLES.log]: [ofSmall.item, ofLarge.item] } })
        .resolvesOnce({ Responses: { [TABLES.log]: [ofLarge.body ?? {}] } });
      const keys = [small, large, large].map(({ id }) => make.delivery({ eventId: id }));
      const snapshots = await store.reader.read(keys, log);
      expect(snapshots.map(({ event }) => event)).toEqual([small, large, large]);
      expect(batchRequests(calls).map((request) => keysOf(request).length)).toEqual([2 + 3 + 3 + 1, 1]);
      expect(batchRequests(calls)[1]?.RequestItems?.[TABLES.log]?.ConsistentRead).toBe(true);
    },
  );

  test('an event whose data is missing is missing', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const event = make.event({ data: 'x'.repeat(9000) });
    calls.on(GetCommand).resolves({ Item: toEventItems(event, new Lifetime(clock, 1000)).item });
    calls.on(BatchGetCommand).resolves({});
    expect(await store.events.get(event.tenantId, event.id)).toBeUndefined();
  });
});

describe('the list of one endpoint’s status', () => {
  test('behind another endpoint’s backlog is found over several pages, each bounded', async () => {
    const { store, calls, make } = openMockedStore();
    const mine = make.delivery({ status: 'held' });
    let { endpointId } = make.delivery();
    while (shardOf(endpointId, STATUS_GROUPS) !== shardOf(mine.endpointId, STATUS_GROUPS))
      endpointId = make.endpointId();
    const backlog = Array.from({ length: 5000 }, () => make.delivery({ status: 'held', endpointId }));
    const entries = [...backlog, mine].map(statusIndexKey).toSorted((a, b) => (a.status_sk < b.status_sk ? -1 : 1));
    let read = 0;
    calls.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, ExclusiveStartKey, Limit }) => {
      const isBetween = (key: string) => key >= values[':start'] && key <= values[':end'];
      const ofPartition = entries.filter((entry) => entry.status_pk === values[':pk'] && isBetween(entry.status_sk));
      const rest = ofPartition.filter((entry) => entry.status_sk > (ExclusiveStartKey?.status_sk ?? ''));
      const Items = rest.slice(0, Limit);
      read += Items.length;
      return { Items, ...(rest.length > Items.length && { LastEvaluatedKey: Items.at(-1) }) };
    });
    calls.on(BatchGetCommand).callsFake(({ RequestItems }: BatchGetCommandInput) => {
      const wanted = RequestItems?.[TABLES.log]?.Keys ?? [];
      return { Responses: { [TABLES.log]: wanted.map((key) => ({ ...key, status: 'held', attempts: [] })) } };
    });
    const query = { tenantId: mine.tenantId, status: 'held', endpointId: mine.endpointId, limit: 10 } as const;
    const found: string[] = [];
    const reads: number[] = [];
    let cursor: string | undefined;
    do {
      read = 0;
      const page = await store.deliveries.pageByStatus({
        ...query,
        order: 'oldest-first',
        ...(cursor !== undefined && { cursor }),
      });
      found.push(...page.deliveries.map(({ eventId }) => eventId));
      reads.push(read);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found).toEqual([mine.eventId]);
    expect(reads.length).toBeGreaterThan(1);
    expect(Math.max(...reads)).toBeLessThan(7000);
  });
});

// Only the absence of LastEvaluatedKey ends a query (Amazon DynamoDB: Paginating table query results).
test('an empty page with another after it is not the last one', async () => {
  const { store, calls } = openMockedStore();
  const item = { pk: 'SUBSCRIPTIONS#org_1#0', sk: 'ep_1', events: ['*'] };
  const place = { pk: item.pk, sk: 'ep_0' };
  calls
    .on(QueryCommand)
    .resolvesOnce({ Items: [], LastEvaluatedKey: place })
    .resolves({ Items: [item] });
  expect(await store.subscriptions.ofShard('org_1', 0)).toHaveLength(1);
  const starts = calls.commandCalls(QueryCommand).map(({ args }) => args[0].input.ExclusiveStartKey);
  expect(starts).toEqual([undefined, place]);
});

// An event that is posted right after a change is matched with it, whatever an emulator answers.
describe('what ingest matches with is read consistently', () => {
  test('the numbers of the shards, at each post', async () => {
    const { store, calls } = openMockedStore();
    calls.on(GetCommand).resolves({});
    await store.subscriptions.tenant('org_1');
    const reads = calls.commandCalls(GetCommand).map(({ args }) => args[0].input);
    const ofNumbers = reads.filter(({ Key }) => String(Key?.pk).startsWith('META#'));
    expect(ofNumbers).toMatchObject([{ TableName: TABLES.config, ConsistentRead: true }]);
  });

  test('a shard that has changed, page by page', async () => {
    const { store, calls } = openMockedStore();
    const item = { pk: 'SUBSCRIPTIONS#org_1#0', sk: 'ep_1', events: ['*'] };
    calls
      .on(QueryCommand)
      .resolvesOnce({ Items: [item], LastEvaluatedKey: { pk: item.pk, sk: item.sk } })
      .resolves({ Items: [] });
    expect(await store.subscriptions.ofShard('org_1', 0)).toHaveLength(1);
    const reads = calls.commandCalls(QueryCommand).map(({ args }) => args[0].input.ConsistentRead);
    expect(reads).toEqual([true, true]);
  });
});
