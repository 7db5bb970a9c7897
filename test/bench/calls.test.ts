import { beforeAll, describe, expect, test } from 'vitest';
import { formatCalls, totalOf } from '../../bench/call-table.ts';
import { type Measured, measureCalls } from '../../bench/calls.ts';
import { indexWriteUnits } from '../../bench/index-writes.ts';
import { LOG_TABLE } from '../../lib/adapters/dynamodb/layout/tables.ts';

describe('one event to one endpoint', () => {
  let measured: Measured[];
  beforeAll(async () => {
    measured = await measureCalls();
  }, 60_000);

  /** Calls by operation, and the write units of all. */
  function costOf(name: string) {
    const counts = measured.find((one) => one.name === name)?.counts ?? [];
    const calls = counts.map(({ by, operation, calls: times }) => [`${by}: ${operation}`, times]);
    return { writeUnits: totalOf(counts, 'writeUnits'), calls: Object.fromEntries(calls) as Record<string, number> };
  }

  const ATTEMPT_AT_ONCE = {
    'event source: SQS ReceiveMessage': 1,
    'dispatch: DynamoDB BatchGetItem': 1,
    'dispatch: DynamoDB PutItem': 1,
    'event source: SQS DeleteMessageBatch': 1,
  };

  test('costs 2 write units when it is delivered at once', () => {
    expect(costOf('delivered at once')).toEqual({
      writeUnits: 2,
      calls: {
        'ingest: DynamoDB GetItem': 1,
        'ingest: DynamoDB PutItem': 1,
        'ingest: SQS SendMessageBatch': 1,
        ...ATTEMPT_AT_ONCE,
      },
    });
  });

  test.each([
    // Half a unit each for the event and the record; the endpoint with its health, and the brakes.
    ['delivered at once', 3],
    // The two messages from retries are read consistently: 4 units each.
    ['delivered at the third attempt', 3 + 2 * 4],
  ])('%s costs dispatch %d read units', (name, units) => {
    const counts = measured.find((one) => one.name === name)?.counts ?? [];
    const ofDispatch = counts.filter(({ by }) => by === 'dispatch');
    expect(totalOf(ofDispatch, 'readUnits')).toBe(units);
  });

  test('costs 3 write units with an Idempotency-Key', () => {
    expect(costOf('delivered at once, with an Idempotency-Key')).toEqual({
      writeUnits: 3,
      calls: {
        'ingest: DynamoDB PutItem': 2,
        'ingest: DynamoDB GetItem': 1,
        'ingest: SQS SendMessageBatch': 1,
        ...ATTEMPT_AT_ONCE,
      },
    });
  });

  test('costs 15 write units when the third attempt succeeds: 9 of the tables, 6 of the sparse indexes', () => {
    expect(costOf('delivered at the third attempt')).toEqual({
      // Two of the indexes' are for the endpoint, which begins to fail and recovers.
      writeUnits: 15,
      calls: {
        'ingest: DynamoDB GetItem': 1,
        'ingest: DynamoDB PutItem': 1,
        'ingest: SQS SendMessageBatch': 1,
        'event source: SQS ReceiveMessage': 3,
        'dispatch: DynamoDB BatchGetItem': 3,
        // The endpoint's health: two failures, one recovery.
        'dispatch: DynamoDB UpdateItem': 3,
        // Three times the record, twice the body of a failed answer.
        'dispatch: DynamoDB PutItem': 5,
        // The first failure leaves deliveries for retries; the second hides its message.
        'dispatch: SQS SendMessageBatch': 1,
        'dispatch: SQS ChangeMessageVisibility': 1,
        'event source: SQS DeleteMessageBatch': 2,
      },
    });
  });

  test('costs no call of KMS, and one read of the authorizer while the API remembers its answer', () => {
    const operations = measured.flatMap(({ counts }) => counts.map(({ operation }) => operation));
    expect(operations.filter((name) => name.startsWith('KMS'))).toEqual([]);
    const { writeUnits, calls } = costOf('the authorizer, once per key and 10 s');
    expect({ writeUnits, calls }).toEqual({ writeUnits: 0, calls: { 'authorizer: DynamoDB GetItem': 1 } });
  });

  test('adds to the usage of its tenant once for each invocation of dispatch that comes alone', () => {
    const additions = measured.map(({ name, usage }) => [name, ...usage.map(({ by, calls }) => [by, calls])]);
    expect(additions).toEqual([
      ['delivered at once', ['dispatch', 1]],
      ['delivered at once, with an Idempotency-Key', ['dispatch', 1]],
      ['delivered at the third attempt', ['dispatch', 3]],
      ['the authorizer, once per key and 10 s'],
    ]);
    const units = measured.flatMap(({ usage }) => usage.map(({ calls, writeUnits }) => writeUnits / calls));
    expect(units).toEqual([1, 1, 1]);
  });

  test('is printed as tables with their sums', () => {
    const [first] = formatCalls(measured).split('\n\n');
    expect(first).toMatch(/^delivered at once +calls +bytes sent +received +write units +read units\n/);
    const [sum, usage] = first?.split('\n').slice(-2) ?? [];
    expect(sum).toMatch(/^ +all +7 +[1-9]\d* +[1-9]\d* +2 +4$/);
    expect(usage).toMatch(/^dispatch +usage, once a second at most +1 +[1-9]\d* +[1-9]\d* +1 +0$/);
  });
});

describe('the write units of the sparse indexes', () => {
  const waiting = (due: string) => ({
    pk: { S: 'a' },
    sk: { S: 'b' },
    status_pk: { S: 'retrying' },
    status_sk: { S: '1' },
    due_pk: { S: '1' },
    due_sk: { N: due },
  });
  const done = { pk: { S: 'a' }, sk: { S: 'b' } };

  test.each([
    ['a new entry is one in each index', undefined, waiting('1'), 2],
    ['an entry that goes is one in each index', waiting('1'), done, 2],
    ['an entry whose key changes is two', waiting('1'), waiting('2'), 2],
    ['an entry that stays is none', waiting('1'), waiting('1'), 0],
    ['an item without the keys is none', undefined, done, 0],
  ])('%s', (_, before, after, units) => {
    expect(indexWriteUnits(LOG_TABLE.indexes, before, after)).toBe(units);
  });
});
