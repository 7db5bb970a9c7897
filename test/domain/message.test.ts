import { expect, test } from 'vitest';
import {
  readDeliveryMessage,
  readJobMessage,
  writeDeliveryMessage,
  writeJobMessage,
} from '../../lib/domain/message.ts';

const ULID = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';
const pointer = { tenantId: 't', endpointId: `ep_${ULID}`, eventId: `evt_${ULID}`, ordinal: 0, epoch: 3 };
const fields = { v: 1, tenant: 't', endpoint: pointer.endpointId, event: pointer.eventId, ordinal: 0, epoch: 3 };

test('a message says what was written', () => {
  expect(readDeliveryMessage(writeDeliveryMessage(pointer))).toEqual({ kind: 'pointer', pointer });
  const job = { tenantId: 't', jobId: `job_${ULID}`, step: 2 };
  expect(readJobMessage(writeJobMessage(job))).toEqual({ kind: 'pointer', pointer: job });
});

test('a message of newer code waits for newer code', () => {
  expect(readDeliveryMessage('{"v":2,"whatever":true}')).toEqual({ kind: 'newer' });
});

test.each(['', 'null', '[]', '"x"', '{', '{}', '{"v":1}', '{"v":"1"}', '{"v":-1}'])(
  '%j is unreadable, with a reason',
  (body) => {
    expect(readDeliveryMessage(body)).toMatchObject({ kind: 'unreadable', why: expect.any(String) });
  },
);

test('the tenants, ordinals and ids that keys take are read', () => {
  for (const one of [{ tenant: 'org|ünï 1@example.com' }, { tenant: 'x'.repeat(128) }, { ordinal: 999_999 }])
    expect(readDeliveryMessage(JSON.stringify({ ...fields, ...one })).kind, JSON.stringify(one)).toBe('pointer');
});

test.each<[string, Record<string, unknown>]>([
  ['no tenant', { tenant: '' }],
  ['a tenant of 129 characters', { tenant: 'x'.repeat(129) }],
  ['a tenant of two lines', { tenant: 'a\nb' }],
  ['a tenant with a NUL', { tenant: 'a\u0000' }],
  ['an endpoint without a ULID', { endpoint: 'ep_1' }],
  ['an event in the place of the endpoint', { endpoint: pointer.eventId }],
  ['an endpoint that would end its key early', { endpoint: `${pointer.endpointId}#0` }],
  ['an event in small letters', { event: `evt_${ULID.toLowerCase()}` }],
  ['an ordinal below 0', { ordinal: -1 }],
  ['an ordinal of seven digits', { ordinal: 1_000_000 }],
  ['an ordinal as text', { ordinal: '0' }],
  ['a broken epoch', { epoch: 1.5 }],
  ['an epoch that is not exact', { epoch: 2 ** 53 }],
])('a pointer with %s is unreadable: no key can be made of it', (_, wrong) => {
  expect(readDeliveryMessage(JSON.stringify({ ...fields, ...wrong })).kind).toBe('unreadable');
});

test.each(['job_1', pointer.eventId, `job_${ULID}x`])('a job %j is unreadable', (job) => {
  expect(readJobMessage(JSON.stringify({ v: 1, tenant: 't', job, step: 0 })).kind).toBe('unreadable');
});

test('a message is ASCII, whatever its tenant is called', () => {
  const pointer = {
    tenantId: 'müller 🗼',
    endpointId: `ep_${'0'.repeat(26)}`,
    eventId: `evt_${'0'.repeat(26)}`,
    ordinal: 0,
    epoch: 1,
  };
  const body = writeDeliveryMessage(pointer);
  expect(body).toMatch(/^[\x20-\x7e]+$/);
  expect(readDeliveryMessage(body)).toEqual({ kind: 'pointer', pointer });
});
