import { expect, test } from 'vitest';
import {
  readDeliveryMessage,
  readJobMessage,
  writeDeliveryMessage,
  writeJobMessage,
} from '../../lib/domain/message.ts';

const pointer = { tenantId: 't', endpointId: 'ep_1', eventId: 'evt_1', ordinal: 0, epoch: 3 };

test('a message says what was written', () => {
  expect(readDeliveryMessage(writeDeliveryMessage(pointer))).toEqual({ kind: 'pointer', pointer });
  const job = { tenantId: 't', jobId: 'job_1', step: 2 };
  expect(readJobMessage(writeJobMessage(job))).toEqual({ kind: 'pointer', pointer: job });
});

test('a message of newer code waits for newer code', () => {
  expect(readDeliveryMessage('{"v":2,"whatever":true}')).toEqual({ kind: 'newer' });
});

test.each([
  '',
  'null',
  '[]',
  '"x"',
  '{',
  '{}',
  '{"v":1}',
  '{"v":"1"}',
  '{"v":-1}',
  '{"v":1,"tenant":"","endpoint":"e","event":"v","ordinal":0,"epoch":0}',
  '{"v":1,"tenant":"t","endpoint":"e","event":"v","ordinal":-1,"epoch":0}',
  '{"v":1,"tenant":"t","endpoint":"e","event":"v","ordinal":0,"epoch":1.5}',
])('%j is unreadable, with a reason', (body) => {
  expect(readDeliveryMessage(body)).toMatchObject({ kind: 'unreadable', why: expect.any(String) });
});

test('a message is ASCII, whatever its tenant is called', () => {
  const pointer = { tenantId: 'müller 🗼', endpointId: 'ep_1', eventId: 'evt_1', ordinal: 0, epoch: 1 };
  const body = writeDeliveryMessage(pointer);
  expect(body).toMatch(/^[\x20-\x7e]+$/);
  expect(readDeliveryMessage(body)).toEqual({ kind: 'pointer', pointer });
});
