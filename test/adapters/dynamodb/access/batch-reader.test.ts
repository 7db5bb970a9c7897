import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { toEventItems } from '../../../../lib/adapters/dynamodb/layout/event-item.ts';
import { eventKey } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { Lifetime } from '../../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import { TABLES, batchRequests, keysOf, openMockedStore } from '../fixture.ts';

type Keys = NonNullable<BatchGetCommandInput['RequestItems']>;

describe('many keys', () => {
  test('250 keys are three requests of at most 100', async () => {
    const { store, calls, make } = openMockedStore();
    calls.on(BatchGetCommand).resolves({});
    const records = Array.from({ length: 250 }, () => make.delivery());
    expect(await store.deliveries.getMany([...records, ...records])).toHaveLength(500);
    const sizes = batchRequests(calls).map((request) => keysOf(request).length);
    expect(sizes.toSorted()).toEqual([100, 100, 50].toSorted());
  });
});

describe('keys that come back unprocessed', () => {
  test('are asked for again, they alone, and nothing is lost', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const events = [make.event(), make.event(), make.event()];
    const lifetime = new Lifetime(clock, 1000);
    const items = events.map((event) => toEventItems(event, lifetime).item);
    const rest: Keys = { [TABLES.log]: { Keys: events.slice(1).map(({ tenantId, id }) => eventKey(tenantId, id)) } };
    calls
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { [TABLES.log]: items.slice(0, 1) }, UnprocessedKeys: rest })
      .resolvesOnce({ UnprocessedKeys: rest })
      .resolves({ Responses: { [TABLES.log]: items.slice(1) } });
    const snapshots = await store.reader.read(
      events.map(({ id }) => make.delivery({ eventId: id })),
      'eventual',
    );
    expect(snapshots.map(({ event }) => event)).toEqual(events);
    expect(
      batchRequests(calls)
        .slice(1)
        .map(({ RequestItems }) => RequestItems),
    ).toEqual([rest, rest]);
    expect(clock.slept).toHaveLength(2);
  });

  // More than 16 MB come in several responses.
  test('are asked for as often as it takes, while each response has an item', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const events = Array.from({ length: 10 }, () => make.event());
    const lifetime = new Lifetime(clock, 1000);
    const items = events.map((event) => toEventItems(event, lifetime).item);
    calls.on(BatchGetCommand).callsFake(() => {
      const answered = batchRequests(calls).length;
      const left = events.slice(answered).map(({ tenantId, id }) => eventKey(tenantId, id));
      return {
        Responses: { [TABLES.log]: items.slice(answered - 1, answered) },
        ...(left.length > 0 && { UnprocessedKeys: { [TABLES.log]: { Keys: left } } }),
      };
    });
    const snapshots = await store.reader.read(
      events.map(({ id }) => make.delivery({ eventId: id })),
      'eventual',
    );
    expect(snapshots.map(({ event }) => event)).toEqual(events);
    expect(batchRequests(calls)).toHaveLength(10);
  });

  test('again and again are a fault of the service, after less than 10 s', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const record = make.delivery();
    calls
      .on(BatchGetCommand)
      .callsFake(({ RequestItems }: BatchGetCommandInput) => ({ UnprocessedKeys: RequestItems }));
    const fault = await store.deliveries.getMany([record]).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ServiceFault);
    expect(String(fault)).toContain('DynamoDB throttled BatchGetItem');
    expect(clock.slept.length).toBeGreaterThanOrEqual(4);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(10_000);
  });
});
