import { describe, expect, test } from 'vitest';
import { type AttemptSummary, type Delivery, type DeliveryStatus, newRecord } from '../../../lib/domain/delivery.ts';
import { FIELDS_OF } from '../../../lib/domain/delivery-changes/change.ts';
import {
  alerted,
  deadLetterResent,
  deadLetterSent,
  deadLetterVoided,
  redriven,
} from '../../../lib/domain/delivery-changes/dead-letters.ts';
import { NextDelivery } from '../../../lib/domain/delivery-changes/next-delivery.ts';
import { committed, entered } from '../../../lib/domain/delivery-changes/polls.ts';
import {
  freed,
  hurried,
  released,
  repeated,
  resent,
  runWhenDue,
} from '../../../lib/domain/delivery-changes/resends.ts';
import {
  abandonedAsGone,
  delivered,
  exhausted,
  notedWhileHeld,
  waitsAfterFailure,
} from '../../../lib/domain/delivery-changes/results.ts';
import { abandoned, held } from '../../../lib/domain/delivery-changes/stops.ts';
import {
  faultCounted,
  handedToSlow,
  parkedEarly,
  postponed,
  stillBraked,
} from '../../../lib/domain/delivery-changes/waits.ts';
import { type DeliveryState, TRANSITIONS, isFinal, stateOf, transition } from '../../../lib/domain/delivery-state.ts';
import type { Trigger } from '../../../lib/domain/delivery-triggers.ts';
import type { Event } from '../../../lib/domain/event.ts';

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
  'payload-deleted',
  'payload-deleted-by-job',
  'payload-expired',
  'fault-limit',
  'checked',
  'discarded',
  'shut-by-job',
] as const;

const attemptTriggers = ['succeeded', 'failed', 'failed-far', 'failed-last', 'failed-gone'] as const;

/** A change for each trigger that can decide on it. */
const by = <Of extends Trigger>(triggers: readonly Of[], changeFor: (trigger: Of) => Omit<Change, 'trigger'>) =>
  triggers.map((trigger): Change => ({ trigger, ...changeFor(trigger) }));

const CHANGES: readonly Change[] = [
  ...by(['endpoint-paused', 'endpoint-shut', 'current-due', 'payload-expired'], (trigger) => ({
    name: 'held',
    writes: always('held'),
    make: (r) => held(r, trigger, 'paused', NOW),
  })),
  ...by(abandonTriggers, (trigger) => ({
    name: 'abandoned',
    writes: always('abandoned'),
    make: (r) => abandoned(r, trigger, 'disabled', NOW),
  })),
  ...by(['must-wait', 'faulted'], (trigger) => ({
    name: 'postponed',
    writes: waits,
    make: (r) => postponed(r, trigger, { reason: 'delayed' }, SOON, NOW),
  })),
  ...by(['must-wait', 'faulted'], (trigger) => ({
    name: 'parked',
    writes: always('parked'),
    make: (r) => postponed(r, trigger, { reason: 'braked' }, FAR, NOW),
  })),
  { name: 'handed to slow', trigger: 'must-wait', writes: waits, make: (r) => handedToSlow(r, NOW) },
  { name: 'parked early', trigger: 'pressed', writes: always('parked'), make: (r) => parkedEarly(r, NOW) },
  { name: 'fault counted', trigger: 'faulted', writes: same, make: faultCounted },
  { name: 'released', trigger: 'released', writes: waits, make: (r) => released(r, NOW) },
  ...by(['checked', 'checked-braked'], (trigger) => ({
    name: 'resent',
    writes: waits,
    make: (r) => resent(r, trigger, NOW),
  })),
  { name: 'still braked', trigger: 'checked-braked', writes: same, make: (r) => stillBraked(r, 'checked-braked', NOW) },
  { name: 'run when due', trigger: 'run-due', writes: waits, make: (r) => runWhenDue(r, NOW) },
  { name: 'hurried', trigger: 'retried', writes: waits, make: (r) => hurried(r, NOW) },
  { name: 'freed', trigger: 'rate-changed', writes: waits, make: (r) => freed(r, NOW) },
  ...by(['current-due', 'current-early', 'current-early-elsewhere', 'stale'], (trigger) => ({
    name: 'redriven',
    writes: always('retrying'),
    make: (r) => redriven(r, trigger, NOW),
  })),
  ...by(attemptTriggers, (trigger) => ({
    name: 'delivered',
    writes: always('delivered'),
    make: (r) => delivered(r, trigger, SUCCEEDED, NOW),
  })),
  ...by(['failed', 'failed-far', 'failed-last'], (trigger) => ({
    name: 'waits after a failure',
    writes: always('retrying'),
    make: (r) => waitsAfterFailure(r, trigger, FAILED, SOON, NOW),
  })),
  ...by(['failed', 'failed-far', 'failed-last'], (trigger) => ({
    name: 'parked after a failure',
    writes: always('parked'),
    make: (r) => waitsAfterFailure(r, trigger, FAILED, FAR, NOW),
  })),
  ...by(['failed', 'failed-far', 'failed-last'], (trigger) => ({
    name: 'noted while held',
    writes: always('held'),
    make: (r) => notedWhileHeld(r, trigger, FAILED, NOW),
  })),
  ...by(attemptTriggers, (trigger) => ({
    name: 'exhausted',
    writes: always('exhausted'),
    make: (r) => exhausted(r, trigger, FAILED, NOW),
  })),
  { name: 'entered', trigger: 'entered', writes: waits, make: (r) => entered(r, NOW) },
  { name: 'committed', trigger: 'committed', writes: always('delivered'), make: (r) => committed(r, NOW) },
  { name: 'gone', trigger: 'failed-gone', writes: always('abandoned'), make: (r) => abandonedAsGone(r, NOW) },
  { name: 'dead letter sent', trigger: 'dead-lettered', writes: always('exhausted'), make: deadLetterSent },
  { name: 'alerted', trigger: 'alerted', writes: always('exhausted'), make: (r) => alerted(r, { sentAt: NOW }) },
  {
    name: 'dead letter resent',
    trigger: 'checked',
    writes: always('exhausted'),
    make: (r) => deadLetterResent(r, 'checked', NOW),
  },
  {
    name: 'dead letter voided',
    trigger: 'replaced',
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

/** A fault is counted in a record, not in place of one: that would not be in the due index. */
const allows = ({ name, record, trigger, status }: (typeof cases)[number]) =>
  transition(record, trigger).to.includes(status) && !(name === 'fault counted' && record.revision === 0);

describe('a change is made exactly where the table allows its status', () => {
  test.each(cases)('$state × $trigger × $name', (one) => {
    const { record, make, status } = one;
    if (!allows(one)) return expect(() => make(record)).toThrow(/must not become|must have a check time/);
    const next = NextDelivery.recordIn(make(record));
    expect(next).toMatchObject({ ...KEY, status, revision: record.revision, scheduleBase: expect.any(Number) });
    // No attempt is lost, and at most one is added (invariant 3).
    expect(next.attempts.slice(0, record.attempts.length)).toEqual(record.attempts);
    expect(next.attempts.length - record.attempts.length).toBeLessThanOrEqual(1);
    expect(next.epoch).toBeGreaterThanOrEqual(record.epoch);
    // Everything unfinished is in the due index (invariant 4).
    expect(next.checkAt !== undefined).toBe(!isFinal(next.status) || next.dlqPending === true);
    // Nothing of another status stays behind.
    const foreign = Object.values(FIELDS_OF)
      .flat()
      .filter((field) => !FIELDS_OF[status].includes(field as never));
    for (const field of foreign) expect(next).not.toHaveProperty(field);
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
  expect(NextDelivery.recordIn(next)).toMatchObject({
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

describe('the time spent held does not count for the schedule', () => {
  const record = { ...recordIn('held', 1), scheduleStartedAt: NOW - 100_000 };

  test('when it is released', () => {
    expect(NextDelivery.recordIn(released(record, NOW))).toMatchObject({ scheduleStartedAt: NOW - 40_000, dueAt: NOW });
  });

  test('when its message comes up and has to wait', () => {
    const next = NextDelivery.recordIn(postponed(record, 'must-wait', { reason: 'rate_limited' }, SOON, NOW));
    expect(next).toMatchObject({ status: 'retrying', scheduleStartedAt: NOW - 40_000, dueAt: SOON.dueAt });
    expect(next).not.toHaveProperty('heldAt');
  });
});

test('sweep moves the check time, never the due time (invariant 6)', () => {
  const record = { ...recordIn('retrying', 1), dueAt: NOW + 1000 };
  expect(NextDelivery.recordIn(resent(record, 'checked', NOW))).toMatchObject({
    dueAt: NOW + 1000,
    checkAt: NOW + 1000 + 15 * 60_000,
    epoch: 3,
  });
});

test('sent again by sweep, it waits no longer for a brake, and still for its rate slot', () => {
  const braked = { ...recordIn('parked', 1), statusReason: 'braked' } as const;
  expect(NextDelivery.recordIn(resent(braked, 'checked', NOW))).not.toHaveProperty('statusReason');
  const limited = {
    ...recordIn('parked', 1),
    statusReason: 'rate_limited',
    slot: { attempt: 2, generation: 1 },
  } as const;
  expect(NextDelivery.recordIn(resent(limited, 'checked', NOW))).toMatchObject({
    statusReason: 'rate_limited',
    slot: limited.slot,
  });
});

test('under a brake a delivery stays due and loses its rate slot', () => {
  const record = { ...recordIn('retrying', 1), slot: { attempt: 2, generation: 1 } };
  const wait = { mode: 'park', dueAt: NOW } as const;
  const braked = NextDelivery.recordIn(postponed(record, 'must-wait', { reason: 'braked' }, wait, NOW));
  expect(braked).toMatchObject({ dueAt: NOW, checkAt: NOW + 5 * 60_000, statusReason: 'braked' });
  expect(braked).not.toHaveProperty('slot');
  const delayed = NextDelivery.recordIn(postponed(record, 'must-wait', { reason: 'delayed' }, SOON, NOW));
  expect(delayed.slot).toEqual(record.slot);
});

test('what goes to slow stays due, keeps its epoch for its message, and is checked a day later', () => {
  const record = recordIn('retrying', 1);
  const next = NextDelivery.recordIn(handedToSlow(record, NOW));
  expect(next).toMatchObject({ status: 'retrying', dueAt: NOW, epoch: record.epoch, checkAt: NOW + 24 * 3_600_000 });
  const first = NextDelivery.recordIn(handedToSlow(recordIn('none'), NOW));
  expect(first).toMatchObject({ status: 'pending', epoch: 0, dueAt: NOW });
});
