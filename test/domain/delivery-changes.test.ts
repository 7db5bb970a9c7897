import { describe, expect, test } from 'vitest';
import type { AttemptSummary, Delivery, DeliveryStatus } from '../../lib/domain/delivery.ts';
import {
  type NextDelivery,
  abandoned,
  faultCounted,
  handedToSlow,
  held,
  newRecord,
  parkedEarly,
  postponed,
} from '../../lib/domain/delivery-changes.ts';
import {
  hurried,
  redriven,
  released,
  repeated,
  resent,
  runWhenDue,
  stillBraked,
} from '../../lib/domain/delivery-resends.ts';
import {
  abandonedAsGone,
  deadLetterResent,
  deadLetterSent,
  deadLetterVoided,
  delivered,
  exhausted,
  notedWhileHeld,
  waitsAfterFailure,
} from '../../lib/domain/delivery-results.ts';
import {
  type DeliveryState,
  TRANSITIONS,
  type Trigger,
  isFinal,
  stateOf,
  transition,
} from '../../lib/domain/delivery-state.ts';
import type { Event } from '../../lib/domain/event.ts';

const NOW = Date.UTC(2026, 0, 2);
const EVENT: Event = {
  tenantId: 'tenant',
  id: 'evt_01KDXXXXXXXXXXXXXXXXXXXXXX',
  type: 'order.paid',
  data: '{}',
  acceptedAt: NOW,
  endpointIds: [],
};
const KEY = { tenantId: 'tenant', endpointId: 'ep_a', eventId: EVENT.id, ordinal: 0 };
const ATTEMPT: AttemptSummary = { number: 1, at: NOW - 5000, durationMs: 12, statusCode: 500 };

function recordIn(state: DeliveryState, attempts = 0): Delivery {
  const none = newRecord(EVENT, KEY);
  if (state === 'none') return none;
  return {
    ...none,
    status: state,
    revision: 3,
    epoch: 2,
    attempts: Array.from({ length: attempts }, () => ATTEMPT),
    ...(!isFinal(state) && { dueAt: NOW, checkAt: NOW }),
    ...(state === 'held' && { heldAt: NOW - 60_000, statusReason: 'paused' }),
    ...(state === 'exhausted' && { dlqPending: true, checkAt: NOW }),
  };
}

/** One of each state; where either may follow, one before the first attempt and one after it. */
const RECORDS: readonly Delivery[] = [
  recordIn('none'),
  recordIn('pending'),
  recordIn('retrying', 1),
  recordIn('parked'),
  recordIn('parked', 1),
  recordIn('held'),
  recordIn('held', 1),
  recordIn('delivered', 1),
  recordIn('abandoned', 1),
  recordIn('exhausted', 1),
];

interface Change {
  name: string;
  trigger: Trigger;
  writes: (record: Delivery) => DeliveryStatus;
  make: (record: Delivery) => NextDelivery;
}

const FAILED = {
  outcome: { success: false, statusCode: 500, durationMs: 7, countsForBreaker: true, gone: false },
  startedAt: NOW - 7,
};
const SUCCEEDED = { ...FAILED, outcome: { ...FAILED.outcome, success: true, statusCode: 200 } };
const SOON = { mode: 'replace', dueAt: NOW + 60_000 } as const;
const FAR = { mode: 'park', dueAt: NOW + 13 * 3_600_000 } as const;

const waits = ({ attempts }: Delivery) => (attempts.length === 0 ? 'pending' : 'retrying');
const same = ({ status }: Delivery) => status;
const always = (status: DeliveryStatus) => () => status;
const abandonTriggers = [
  'endpoint-shut',
  'payload-expired',
  'fault-limit',
  'checked',
  'discarded',
  'shut-by-job',
] as const;

const CHANGES: readonly Change[] = [
  { name: 'held', trigger: 'endpoint-paused', writes: always('held'), make: (r) => held(r, 'paused', NOW) },
  ...abandonTriggers.map((trigger) => ({
    name: 'abandoned',
    trigger,
    writes: always('abandoned'),
    make: (r: Delivery) => abandoned(r, trigger, 'disabled', NOW),
  })),
  {
    name: 'postponed',
    trigger: 'must-wait',
    writes: waits,
    make: (r) => postponed(r, { reason: 'delayed' }, SOON, NOW),
  },
  {
    name: 'parked',
    trigger: 'must-wait',
    writes: always('parked'),
    make: (r) => postponed(r, { reason: 'braked' }, FAR, NOW),
  },
  { name: 'handed to slow', trigger: 'must-wait', writes: waits, make: (r) => handedToSlow(r, NOW) },
  { name: 'parked early', trigger: 'pressed', writes: always('parked'), make: (r) => parkedEarly(r, NOW) },
  { name: 'fault counted', trigger: 'faulted', writes: same, make: faultCounted },
  { name: 'released', trigger: 'released', writes: waits, make: (r) => released(r, NOW) },
  { name: 'resent', trigger: 'checked', writes: waits, make: (r) => resent(r, NOW) },
  { name: 'still braked', trigger: 'checked-braked', writes: same, make: (r) => stillBraked(r, NOW) },
  { name: 'run when due', trigger: 'run-due', writes: waits, make: (r) => runWhenDue(r, NOW) },
  { name: 'hurried', trigger: 'retried', writes: waits, make: (r) => hurried(r, NOW) },
  { name: 'redriven', trigger: 'current-due', writes: always('retrying'), make: (r) => redriven(r, NOW) },
  { name: 'delivered', trigger: 'succeeded', writes: always('delivered'), make: (r) => delivered(r, SUCCEEDED, NOW) },
  {
    name: 'waits after a failure',
    trigger: 'failed',
    writes: always('retrying'),
    make: (r) => waitsAfterFailure(r, FAILED, SOON, NOW),
  },
  {
    name: 'parked after a failure',
    trigger: 'failed-far',
    writes: always('parked'),
    make: (r) => waitsAfterFailure(r, FAILED, FAR, NOW),
  },
  { name: 'noted while held', trigger: 'failed', writes: always('held'), make: (r) => notedWhileHeld(r, FAILED, NOW) },
  { name: 'exhausted', trigger: 'failed-last', writes: always('exhausted'), make: (r) => exhausted(r, FAILED, NOW) },
  { name: 'gone', trigger: 'failed-gone', writes: always('abandoned'), make: (r) => abandonedAsGone(r, FAILED, NOW) },
  { name: 'dead letter sent', trigger: 'dead-lettered', writes: always('exhausted'), make: deadLetterSent },
  {
    name: 'dead letter resent',
    trigger: 'checked',
    writes: always('exhausted'),
    make: (r) => deadLetterResent(r, NOW),
  },
  {
    name: 'dead letter voided',
    trigger: 'retried',
    writes: always('exhausted'),
    make: (r) => deadLetterVoided(r, NOW),
  },
];

const cases = RECORDS.flatMap((record) =>
  CHANGES.map((change) => ({
    ...change,
    record,
    state: `${stateOf(record)} with ${record.attempts.length} attempts`,
    status: change.writes(record),
  })),
);

const allows = ({ record, trigger, status }: (typeof cases)[number]) => transition(record, trigger).to.includes(status);

describe('a change is made exactly where the table allows its status', () => {
  test.each(cases)('$state × $trigger × $name', (one) => {
    const { record, make, status } = one;
    if (!allows(one)) return expect(() => make(record)).toThrow('must not become');
    const next = make(record);
    expect(next).toMatchObject({ ...KEY, status, revision: record.revision, scheduleBase: expect.any(Number) });
    // No attempt is lost, and at most one is added (invariant 3).
    expect(next.attempts.slice(0, record.attempts.length)).toEqual(record.attempts);
    expect(next.attempts.length - record.attempts.length).toBeLessThanOrEqual(1);
    expect(next.epoch).toBeGreaterThanOrEqual(record.epoch);
    // Everything unfinished is in the due index (invariant 4).
    expect(next.checkAt !== undefined).toBe(!isFinal(next.status) || next.dlqPending === true);
  });
});

test('whatever status the table allows, a change writes it', () => {
  const actionOf = (record: Delivery, trigger: Trigger) => `${stateOf(record)}: ${transition(record, trigger).action}`;
  const made = cases.filter(allows).map(({ record, trigger, status }) => `${actionOf(record, trigger)} → ${status}`);
  const allowed = Object.entries(TRANSITIONS).flatMap(([state, row]) =>
    Object.values(row).flatMap(({ to, action }) => to.map((status) => `${state}: ${action} → ${status}`)),
  );
  // `repeated` has no record to change.
  expect(new Set([...made, 'none: create → pending'])).toEqual(new Set(allowed));
});

test('a repeated delivery is a new record, pending, due now and in the due index', () => {
  const next = repeated(EVENT, { endpointId: 'ep_a', ordinal: 4 }, { retriedFromOrdinal: 3 }, NOW);
  expect(next).toMatchObject({
    ...KEY,
    ordinal: 4,
    status: 'pending',
    revision: 0,
    epoch: 1,
    dueAt: NOW,
    checkAt: NOW + 15 * 60_000,
    createdAt: NOW,
    retriedFromOrdinal: 3,
  });
});

test('the compiler lets nothing be written but what a change has made', () => {
  const made: NextDelivery = held(recordIn('pending'), 'paused', NOW);
  // @ts-expect-error a record that was read
  const read: NextDelivery = recordIn('pending');
  // @ts-expect-error a copy that was changed
  const copy: NextDelivery = { ...made, status: 'delivered' };
  // @ts-expect-error the record itself, changed
  made.status = 'abandoned';
  expect([made, read, copy]).toHaveLength(3);
});

test('the time spent held does not count for the schedule', () => {
  const record = { ...recordIn('held', 1), scheduleStartedAt: NOW - 100_000 };
  expect(released(record, NOW)).toMatchObject({ scheduleStartedAt: NOW - 40_000, dueAt: NOW });
});

test('sweep moves the check time, never the due time (invariant 6)', () => {
  const record = { ...recordIn('retrying', 1), dueAt: NOW + 1000 };
  expect(resent(record, NOW)).toMatchObject({ dueAt: NOW + 1000, checkAt: NOW + 1000 + 15 * 60_000, epoch: 3 });
});

test('what goes to slow stays due, keeps its epoch for its message, and is checked a day later', () => {
  const record = recordIn('retrying', 1);
  const next = handedToSlow(record, NOW);
  expect(next).toMatchObject({ status: 'retrying', dueAt: NOW, epoch: record.epoch, checkAt: NOW + 24 * 3_600_000 });
  expect(handedToSlow(recordIn('none'), NOW)).toMatchObject({ status: 'pending', epoch: 0, dueAt: NOW });
});

test('under a brake a delivery stays due and loses its rate slot', () => {
  const record = { ...recordIn('retrying', 1), slot: { attempt: 2, generation: 1 } };
  const next = postponed(record, { reason: 'braked' }, { mode: 'park', dueAt: NOW }, NOW);
  expect(next).toMatchObject({ dueAt: NOW, checkAt: NOW + 5 * 60_000, statusReason: 'braked' });
  expect(next.slot).toBeUndefined();
  expect(postponed(record, { reason: 'delayed' }, SOON, NOW).slot).toEqual(record.slot);
});
