import { BatchGetCommand, type BatchGetCommandInput, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { Lifetime } from '../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { toEventItems } from '../../../lib/adapters/dynamodb/layout/event-item.ts';
import { eventKey, statusIndexKey } from '../../../lib/adapters/dynamodb/layout/keys.ts';
import { shardOf, STATUS_GROUPS } from '../../../lib/adapters/dynamodb/layout/shards.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { RecordMaker } from '../../support/records.ts';
import { TABLES, openMockedStore, serviceError } from './fixture.ts';
import { planted } from '../../support/records.ts';

type Keys = NonNullable<BatchGetCommandInput['RequestItems']>;

/** All keys of a request, as texts. */
function keysOf(request: BatchGetCommandInput): string[] {
  return Object.entries(request.RequestItems ?? {}).flatMap(([table, { Keys = [] }]) =>
    Keys.map(({ pk, sk }) => `${table} ${pk} ${sk}`),
  );
}

function requests(calls: ReturnType<typeof openMockedStore>['calls']): BatchGetCommandInput[] {
  return calls.commandCalls(BatchGetCommand).map((call) => call.args[0].input);
}

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
    const [request, ...others] = requests(calls);
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
    const [request, ...others] = requests(calls);
    expect(others).toEqual([]);
    const { [TABLES.config]: config, [TABLES.log]: log } = request?.RequestItems ?? {};
    expect(config?.ConsistentRead).toBe(true);
    expect(config?.Keys?.map(({ sk }) => String(sk).split('#')[0]).toSorted()).toEqual([
      'BRAKES',
      ...Array.from({ length: 5 }, () => 'ENDPOINT'),
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
      expect(requests(calls).map((request) => keysOf(request).length)).toEqual([2 + 3 + 3 + 1, 1]);
      expect(requests(calls)[1]?.RequestItems?.[TABLES.log]?.ConsistentRead).toBe(true);
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

describe('many keys', () => {
  test('250 keys are three requests of at most 100', async () => {
    const { store, calls, make } = openMockedStore();
    calls.on(BatchGetCommand).resolves({});
    const records = Array.from({ length: 250 }, () => make.delivery());
    expect(await store.deliveries.getMany([...records, ...records])).toHaveLength(500);
    const sizes = requests(calls).map((request) => keysOf(request).length);
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
      requests(calls)
        .slice(1)
        .map(({ RequestItems }) => RequestItems),
    ).toEqual([rest, rest]);
    expect(clock.slept).toHaveLength(2);
  });

  test('again and again are a fault of the service, after less than 10 s', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const record = make.delivery();
    calls
      .on(BatchGetCommand)
      .callsFake(({ RequestItems }: BatchGetCommandInput) => ({ UnprocessedKeys: RequestItems }));
    await expect(store.deliveries.getMany([record])).rejects.toThrow(ServiceFault);
    expect(clock.slept.length).toBeGreaterThanOrEqual(4);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(10_000);
  });
});

describe('faults', () => {
  test.each([
    ['throttling', serviceError('ProvisionedThroughputExceededException')],
    ['too many requests', serviceError('ThrottlingException')],
    ['a failure inside', serviceError('InternalServerError', 'server')],
    ['a missing permission', serviceError('AccessDeniedException')],
    ['a timeout', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('%s is a ServiceFault with its cause, whatever is called', async (_what, cause) => {
    const { store, calls, make } = openMockedStore();
    calls.rejects(cause);
    const [record, job, event] = [make.delivery(), make.job(), make.event()];
    const claim = { tenantId: 't', key: 'k', eventId: event.id, bodyHash: 'h', expiresAt: 2 };
    const note = { tenantId: 't', endpointId: record.endpointId, generation: 1, at: 1 };
    const query = { tenantId: 't', status: 'held', order: 'oldest-first', limit: 5 } as const;
    const asked = [
      () => store.endpoints.tenant('t'),
      () => store.endpoints.raiseVersion('t'),
      () => store.endpoints.page('t', undefined, 5),
      () => store.health.countFailure(note),
      () => store.health.clearFailures(note),
      () => store.events.putUnlessExists(event),
      () => store.events.page('t', { limit: 5 }),
      () => store.idempotency.claimUnlessTaken(claim, 0),
      () => store.deliveries.writeUnlessSuperseded(planted(record), { attempt: 1, bytes: new Uint8Array(1) }),
      () => store.deliveries.responseBodies(record),
      () => store.deliveries.pageByStatus(query),
      () => store.deliveries.pageOfEndpoint('t', record.endpointId, undefined, 5),
      () => store.deliveries.ofEvent('t', event.id, event.endpointIds),
      () => store.reader.read([record], 'eventual'),
      () => store.due.page(1, undefined, 5),
      () => store.due.raiseWatermark(1),
      () => store.jobs.replaceIfStep(job, 0),
      () => store.apiKeys.find('hash'),
    ];
    for (const ask of asked) {
      const fault = await ask().catch((error: unknown) => error);
      expect(fault, `${ask}`).toBeInstanceOf(ServiceFault);
      expect((fault as ServiceFault).cause).toBe(cause);
    }
  });

  test('a request that is wrong in itself is our bug, and no fault that may pass', async () => {
    const { store, calls, make } = openMockedStore();
    calls.rejects(serviceError('ValidationException'));
    const error = await store.jobs.get('t', make.job().id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(error).not.toBeInstanceOf(ServiceFault);
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
      const after = ExclusiveStartKey?.status_sk ?? values[':after'];
      const rest = entries.filter((entry) => entry.status_pk === values[':pk'] && entry.status_sk > after);
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
