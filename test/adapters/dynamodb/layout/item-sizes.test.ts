import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toDeliveryItem } from '../../../../lib/adapters/dynamodb/layout/delivery-item.ts';
import type { Item } from '../../../../lib/adapters/dynamodb/access/item.ts';
import { toEventItems } from '../../../../lib/adapters/dynamodb/layout/event-item.ts';
import { itemSize } from '../../../../lib/adapters/dynamodb/layout/item-size.ts';
import { endpointKey } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { DEFAULT_LOG_TTL_MS } from '../../../../lib/domain/log-lifetime.ts';
import { Lifetime } from '../../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { openDynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { LOG_TABLE } from '../../../../lib/adapters/dynamodb/layout/tables.ts';
import { systemRandom } from '../../../../lib/adapters/system/system-random.ts';
import type { Delivery } from '../../../../lib/domain/delivery.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../../../support/aws-emulators.ts';
import { RecordMaker } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const WRITE_UNIT_BYTES = 1024;
const INDEX_ATTRIBUTES = LOG_TABLE.indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey.name, sortKey.name]);

let dynamo: Emulator;
let tables: TestTables;

beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection, dynamo.direct);
}, 120_000);

afterAll(async () => {
  await tables.remove();
  await dynamo.stop();
});

const clock = new VirtualClock();
const lifetime = new Lifetime(clock, DEFAULT_LOG_TTL_MS);

function maker() {
  return new RecordMaker(clock);
}

/** What a first attempt that succeeds leaves, for a tenant with a long id. */
function deliveredAtOnce(): Delivery {
  const signedWith = Array.from({ length: 5 }, () => '5d41402a').join(' ');
  const attempts = [{ number: 1, at: clock.now() + 1234, durationMs: 187, statusCode: 204, signedWith }];
  const tenantId = 'org_'.padEnd(128, 'a');
  return maker().delivery({ tenantId, status: 'delivered', attempts, epoch: 0, scheduleStartedAt: clock.now() });
}

/** What the service itself counts; the emulator counts the table's own units right, and none of its indexes. */
async function writeUnitsOf(item: Item): Promise<number | undefined> {
  const command = new PutCommand({ TableName: tables.names.log, Item: item, ReturnConsumedCapacity: 'TOTAL' });
  return (await tables.client.send(command)).ConsumedCapacity?.CapacityUnits;
}

describe('the success path', () => {
  test('the record of a delivery that succeeds at once is one write unit, and stands in no index', async () => {
    const item = toDeliveryItem(deliveredAtOnce(), lifetime, 4);
    expect(itemSize(item)).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
    expect(await writeUnitsOf(item)).toBe(1);
    for (const name of INDEX_ATTRIBUTES) expect(item).not.toHaveProperty(name);
  });

  test('an event with 300 bytes of data for three endpoints is one write unit', async () => {
    const make = maker();
    const endpointIds = [make.endpointId(), make.endpointId(), make.endpointId()];
    const { item, body } = toEventItems(make.event({ data: `"${'x'.repeat(298)}"`, endpointIds }), lifetime);
    expect(body).toBeUndefined();
    expect(itemSize(item)).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
    expect(await writeUnitsOf(item)).toBe(1);
  });
});

describe('an endpoint with its health', () => {
  test('is one write unit for a note of its health, while it has one secret and little of its own', async () => {
    const make = maker();
    // A data key that KMS has wrapped is 184 bytes; IV, tag and secret are 78.
    const secrets = [{ sealed: `k1.${'w'.repeat(246)}.${'s'.repeat(104)}`, createdAt: clock.now() }];
    const endpoint = make.endpoint({ secrets, url: 'https://hooks.customer.example.com/webhooks/orders' });
    const { client, names } = tables;
    const store = openDynamoStore({ client, tables: names, clock, random: systemRandom });
    const note = { tenantId: endpoint.tenantId, endpointId: endpoint.id, generation: 1, at: clock.now() };
    await store.endpoints.createUnlessExists(endpoint);
    await store.health.clearFailures({ ...note, statusCode: 200 });
    await store.health.countFailure({ ...note, statusCode: 500 });
    const Key = endpointKey(endpoint.tenantId, endpoint.id);
    const { Item: item = {} } = await client.send(new GetCommand({ TableName: names.config, Key }));
    expect(item).toMatchObject({ endpoint: { id: endpoint.id }, consecutive_failures: 1, last_status_code: 500 });
    expect(itemSize(item)).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
  });
});

describe('the size of an item', () => {
  test.each([
    ['text', { text: 'abc'.repeat(40), none: undefined }],
    ['bytes', { bytes: new Uint8Array(300) }],
    ['lists and maps', { list: [{ a: 'b', c: ['d', 'e'] }, {}, []], map: { yes: true, nothing: null } }],
    ['numbers', { a: 7, b: 1_767_225_600_000, c: -12, d: 0 }],
  ])('%s: it is what DynamoDB counts, to the byte where a write unit ends', async (what, attributes) => {
    const bare: Item = { pk: 'size', sk: what, ...attributes, rest: '' };
    const rest = 'x'.repeat(WRITE_UNIT_BYTES - itemSize(bare));
    expect(await writeUnitsOf({ ...bare, rest })).toBe(1);
    // Numbers are counted up to a byte each too high, for the rule that is documented is approximate.
    expect(await writeUnitsOf({ ...bare, rest: `${rest}12345` })).toBe(2);
  });

  test('text is counted in UTF-8, names too', () => {
    expect(itemSize({ é: 'é✓😀' })).toBe(2 + 2 + 3 + 4);
  });
});

describe('data', () => {
  test('what makes an event larger than 4 KB stands in an item of its own, which outlives the event', () => {
    const make = maker();
    const fits = toEventItems(make.event({ data: 'x'.repeat(3000) }), lifetime);
    expect(fits.body).toBeUndefined();
    const { item, body } = toEventItems(make.event({ data: 'x'.repeat(5000) }), lifetime);
    expect(item).not.toHaveProperty('data');
    expect(itemSize(item)).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
    expect(body?.data).toHaveLength(5000);
    expect(Number(body?.expires_at)).toBeGreaterThan(Number(item.expires_at));
  });
});

describe('the failing path', () => {
  test('an attempt is at most 200 bytes of its record', () => {
    const worst = {
      number: 20,
      at: clock.now(),
      durationMs: 30_000,
      statusCode: 503,
      errorKind: 'invalid_response' as const,
      errorMessage: 'm'.repeat(80),
      signedWith: Array.from({ length: 5 }, () => '5d41402a').join(' '),
    };
    const make = maker();
    const [one, two] = [[worst], [worst, worst]].map((attempts) =>
      itemSize(toDeliveryItem(make.delivery({ attempts }), lifetime, 4)),
    );
    expect((two ?? 0) - (one ?? 0)).toBeLessThanOrEqual(200);
  });

  test('an unfinished record stands in both indexes and never expires, a finished one expires after 30 days', () => {
    const make = maker();
    const unfinished = toDeliveryItem(make.delivery({ status: 'retrying', checkAt: clock.now() }), lifetime, 4);
    for (const name of INDEX_ATTRIBUTES) expect(unfinished).toHaveProperty(name);
    expect(unfinished).not.toHaveProperty('expires_at');
    const finished = toDeliveryItem(make.delivery({ status: 'exhausted' }), lifetime, 4);
    expect(finished.expires_at).toBe(clock.now() / 1000 + 30 * 24 * 3600);
    expect(finished).toHaveProperty('status_pk');
    expect(finished).not.toHaveProperty('due_pk');
  });
});
