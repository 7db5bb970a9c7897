import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../lib/api/sources/read-message.ts';
import { EVENT_BRIDGE_FIELDS, type SourceField, readSourceFields } from '../../../lib/api/sources/source-fields.ts';
import type { RequestError } from '../../../lib/domain/errors.ts';

const read = (body: string | Uint8Array | object, fields?: readonly SourceField[]) =>
  sourceOf('shop', fields).read({
    id: 'message-1',
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    receiveCount: 1,
  });

function refusal(body: string | Uint8Array | object, fields?: readonly SourceField[]) {
  try {
    return read(body, fields);
  } catch (error) {
    const { code, message } = error as RequestError;
    return [code, message];
  }
}

/** As EventBridge sends it to a queue ("Amazon EventBridge events"). */
const BRIDGED = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'Order Placed',
  source: 'com.example.shop',
  account: '111122223333',
  time: '2026-02-06T11:59:58Z',
  region: 'us-west-1',
  resources: [],
  detail: { account: { id: 'org_1' }, shop: 's1', order: { id: 'o-1', total: 12 } },
};

describe('a message without fields', () => {
  test('is the event, with its tenant and its key', () => {
    const event = { tenant_id: 'org_1', type: 'order.placed', data: { n: 1 }, idempotency_key: 'k', external_id: 'x' };
    expect(read(event)).toEqual({
      tenantId: 'org_1',
      event: { type: 'order.placed', data: '{"n":1}', externalId: 'x' },
      idempotencyKey: 'source:shop\nk',
    });
  });

  test('has the source’s own id as its key', () => {
    const { idempotencyKey } = read({ tenant_id: 'org_1', type: 'a', data: 1 });
    expect(idempotencyKey).toBe('source:shop\nmessage-1');
  });

  test('is read from bytes, and numbers of its data keep their value', () => {
    const body = '{"tenant_id":"ü","type":"a","data":{"n":12345678901234567890}}';
    expect(read(new TextEncoder().encode(body))).toMatchObject({
      tenantId: 'ü',
      event: { data: '{"n":12345678901234567890}' },
    });
  });
});

describe('fields', () => {
  const fields = readSourceFields(
    [
      { name: 'tenant_id', from: 'detail.account.id' },
      { name: 'type', from: 'detail-type', values: { 'Order Placed': 'order.placed' } },
      { name: 'data', from: 'detail.order' },
      { name: 'project', fields: [{ name: 'id', from: 'detail.shop' }] },
      { name: 'trace', fields: [{ name: 'trace_id', from: 'id' }] },
      { name: 'external_id', from: 'detail.order.id' },
    ],
    EVENT_BRIDGE_FIELDS,
  );

  test('make an event of what EventBridge sends, with its id as the key', () => {
    expect(read(BRIDGED, fields)).toEqual({
      tenantId: 'org_1',
      event: {
        type: 'order.placed',
        data: '{"id":"o-1","total":12}',
        project: { id: 's1' },
        trace: `{"trace_id":"${BRIDGED.id}"}`,
        externalId: 'o-1',
        occurredAt: Date.parse(BRIDGED.time),
      },
      idempotencyKey: `source:shop\n${BRIDGED.id}`,
    });
  });

  test('keep the value of numbers', () => {
    const text = JSON.stringify(BRIDGED).replace('"total":12', '"total":0.10000000000000000555');
    expect(read(text, fields).event.data).toBe('{"id":"o-1","total":0.10000000000000000555}');
  });

  test('may be constants, and the whole message may be the data', () => {
    const made = readSourceFields([
      { name: 'tenant_id', value: 'org_2' },
      { name: 'type', value: 'raw' },
      { name: 'data', from: '.' },
    ]);
    expect(read([1, 'two'], made)).toMatchObject({ tenantId: 'org_2', event: { type: 'raw', data: '[1,"two"]' } });
  });

  test('leave out what the message has not, and read no inherited member', () => {
    const made = readSourceFields([
      { name: 'tenant_id', from: 'constructor.name' },
      { name: 'type', value: 'a' },
      { name: 'data', from: '.' },
    ]);
    expect(refusal({}, made)).toEqual(['invalid-request', '`tenant_id` is missing: add it.']);
  });

  test('do not make a type of an unknown text', () => {
    expect(refusal({ ...BRIDGED, 'detail-type': 'Order Lost' }, fields)).toEqual([
      'invalid-request',
      expect.stringContaining('`type` must be segments'),
    ]);
  });
});

test.each([
  ['no JSON', 'hello', 'invalid-json'],
  ['nothing', '', 'no-body'],
  ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'invalid-utf8'],
  ['a list', [], 'invalid-request'],
  ['a member twice', '{"type":"a","type":"b"}', 'invalid-request'],
  ['an unknown member', { tenant_id: 'o', type: 'a', data: 1, colour: 'red' }, 'invalid-request'],
  ['a tenant that can’t be', { tenant_id: '..', type: 'a', data: 1 }, 'invalid-tenant'],
  ['a key with a line feed', { tenant_id: 'o', type: 'a', data: 1, idempotency_key: 'a\nb' }, 'invalid-request'],
  ['more than 256 KiB', { tenant_id: 'o', type: 'a', data: 'x'.repeat(262_144) }, 'too-large'],
  ['more than 1 MiB', 'x'.repeat(1_048_577), 'too-large'],
  ['a deep value', `{"data":${'['.repeat(200)}${']'.repeat(200)}}`, 'too-deep'],
])('a message with %s is refused', (_, body, code) => {
  expect(refusal(body)).toEqual([code, expect.any(String)]);
});

test.each([
  ['no list', {}, 'fields: '],
  ['an unknown member', [{ name: 'colour', value: 'red' }], 'fields.0.name: must be one of type, data'],
  [
    'a name twice',
    [
      { name: 'type', value: 'a' },
      { name: 'type', value: 'b' },
    ],
    'must not have a name twice',
  ],
  ['no path', [{ name: 'type', from: 'a..b' }], 'fields.0.from: must be a path in the message'],
  ['a path of nine', [{ name: 'type', from: 'a.b.c.d.e.f.g.h.i' }], 'must be a path in the message'],
  ['nothing that says what', [{ name: 'type' }], 'must have a `name` and one of'],
  ['a mistake inside', [{ name: 'project', fields: [{ name: 'id', from: '' }] }], 'fields.0.fields.0.from: must be'],
])('a declaration with %s is refused, with its place', (_, fields, why) => {
  expect(() => readSourceFields(fields)).toThrow(why);
});
