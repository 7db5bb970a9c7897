import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Delivery, newRecord } from '../../../lib/domain/delivery.ts';
import type { FIELDS_OF } from '../../../lib/domain/delivery-changes/change.ts';
import { NextDelivery } from '../../../lib/domain/delivery-changes/next-delivery.ts';
import { held } from '../../../lib/domain/delivery-changes/stops.ts';

const NOW = Date.UTC(2026, 0, 2);
const KEY = { tenantId: 'tenant', endpointId: 'ep_a', eventId: 'evt_01KDXXXXXXXXXXXXXXXXXXXXXX', ordinal: 0 };
const READ: Delivery = newRecord(undefined, KEY);
const MADE = held(READ, 'endpoint-paused', 'paused', NOW);

/** Copies as a generic function does, of which the compiler believes that they are what they were copied from. */
const copyOf = <T extends object>(one: T): T => ({ ...one });
const changed = <T extends object, U>(one: T, changes: U): T & U => ({ ...one, ...changes });

describe('the compiler lets nothing be written but what a change has made', () => {
  test('not a record that was read, a copy that was changed, or a part', () => {
    // @ts-expect-error a record that was read
    const read: NextDelivery = READ;
    // @ts-expect-error a copy that was changed
    const copy: NextDelivery = { ...MADE, status: 'delivered' };
    // @ts-expect-error a record that looks like one
    const lookalike: NextDelivery = { record: READ };
    for (const one of [read, copy, lookalike]) expect(() => NextDelivery.recordIn(one)).toThrow(TypeError);
  });

  test('and nothing that was made be changed, also by another name', () => {
    // @ts-expect-error it has no fields to change
    MADE.status = 'abandoned';
    // @ts-expect-error nor by another name
    const alias: { status: string } = MADE;
    // @ts-expect-error nor in what it holds
    expect(() => (NextDelivery.recordIn(MADE).status = 'abandoned')).toThrow(TypeError);
    expectTypeOf<keyof NextDelivery>().toBeNever();
    expect(alias).toBe(MADE);
  });
});

describe('what the compiler cannot see is refused when it is written', () => {
  test.each([
    ['a generic copy', copyOf(MADE)],
    ['a generic copy with changes', changed(MADE, { status: 'delivered' })],
    ['Object.assign to a new object', Object.assign({}, MADE, { status: 'delivered' })],
    ['structuredClone', structuredClone(MADE)],
    ['a cast', { ...READ, status: 'delivered' } as unknown as NextDelivery],
  ])('%s', (_, one: NextDelivery) => {
    expect(() => NextDelivery.recordIn(one)).toThrow(TypeError);
  });

  test('Object.assign to what was made changes nothing of the record', () => {
    const next = held(READ, 'endpoint-paused', 'paused', NOW);
    Object.assign(next, { status: 'delivered' });
    expect(NextDelivery.recordIn(next)).toMatchObject({ status: 'held' });
    expect(() => Object.assign(NextDelivery.recordIn(next), { status: 'delivered' })).toThrow(TypeError);
  });

  test('whoever calls the constructor is held to the table', () => {
    const delivered: Delivery = { ...READ, status: 'delivered' };
    expect(() => new NextDelivery(READ, 'released', delivered)).toThrow('must not become delivered when released');
  });
});

test('each field of a record is one of every record or of some status', () => {
  type OfSomeStatus = (typeof FIELDS_OF)[keyof typeof FIELDS_OF][number];
  type OfEach =
    | keyof typeof KEY
    | 'eventType'
    | 'status'
    | 'revision'
    | 'attempts'
    | 'epoch'
    | 'scheduleBase'
    | 'scheduleStartedAt'
    | 'jobId'
    | 'retryId'
    | 'retriedFromOrdinal'
    | 'isTest'
    | 'createdAt'
    | 'updatedAt';
  expectTypeOf<OfSomeStatus | OfEach>().toEqualTypeOf<keyof Delivery>();
});
