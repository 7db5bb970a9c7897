import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DeliveryState, TRANSITIONS } from '../../lib/domain/delivery-state.ts';
import type { Action, Trigger } from '../../lib/domain/delivery-triggers.ts';

const cells = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
  Object.entries(row).map(([trigger, cell]) => ({
    from: from as DeliveryState,
    trigger: trigger as Trigger,
    ...cell,
  })),
);

const finals: DeliveryState[] = ['delivered', 'exhausted', 'abandoned'];
const messageCameUp: Trigger[] = ['current-due', 'current-early', 'current-early-elsewhere', 'stale', 'stale-overdue'];
const attemptEnded = new Set<Trigger>(['succeeded', 'failed', 'failed-far', 'failed-last', 'failed-gone']);
/** What is done without a write of this record. */
const writesNothing = new Set<Action>(['attempt', 'acknowledge', 'hide', 'fault', 'send-first', 'none']);
/** What is written is another delivery, or this one by another trigger. */
const writesElsewhere = new Set([
  'delivered × retried',
  'abandoned × retried',
  'held × retried',
  'exhausted × retried',
]);
const of = (from: DeliveryState, trigger: Trigger) => TRANSITIONS[from][trigger];

describe('every cell of the delivery table', () => {
  test.each(cells)('$from × $trigger → $to, $action', ({ from, trigger, to, action }) => {
    // Delivered is the end of it.
    if (from === 'delivered') expect(to).toEqual([]);
    // A success is never dropped.
    if (trigger === 'succeeded' && from !== 'delivered') expect(to).toEqual(['delivered']);
    // Exhausted becomes retrying by a redrive only (invariant 9).
    if (from === 'exhausted' && to.some((status) => status !== 'exhausted'))
      expect([action, to]).toEqual(action === 'redrive' ? ['redrive', ['retrying']] : ['settle', ['delivered']]);
    // No request for what is finished or shut, and none on a message of an unknown epoch.
    if (action === 'attempt') {
      expect(finals).not.toContain(from);
      expect(messageCameUp).toContain(trigger);
    }
    // Whatever ends an attempt has written it.
    if (attemptEnded.has(trigger) && !finals.includes(from)) {
      expect(['wait', 'exhaust', 'settle', 'note']).toContain(action);
      expect(to).toHaveLength(1);
    }
    // An abandoned delivery stays abandoned, but for a late success.
    if (from === 'abandoned' && trigger !== 'succeeded') expect(to).toEqual([]);
    // A paused endpoint never loses what comes up.
    if (trigger === 'endpoint-paused' && !finals.includes(from)) expect(to).toEqual(from === 'held' ? [] : ['held']);
    // An action that writes says what, and one that does not allows nothing.
    if (writesNothing.has(action)) expect(to).toEqual([]);
    else if (!writesElsewhere.has(`${from} × ${trigger}`)) expect(to.length).toBeGreaterThan(0);
  });
});

test('a message that is due makes an attempt, in every state that waits', () => {
  for (const from of ['none', 'pending', 'retrying', 'parked', 'held'] as const) {
    expect(of(from, 'current-due').action).toBe('attempt');
  }
});

test('a stale message acts only when the delivery has been due for two minutes', () => {
  expect(of('retrying', 'stale').action).toBe('acknowledge');
  expect(of('retrying', 'stale-overdue').action).toBe('attempt');
});

test('a manual retry changes nothing that is finished but the dead letter, and hurries what waits', () => {
  expect(of('delivered', 'retried')).toEqual({ to: [], action: 'renew' });
  expect(of('abandoned', 'retried')).toEqual({ to: [], action: 'renew' });
  expect(of('exhausted', 'retried')).toEqual({ to: [], action: 'renew' });
  expect(of('exhausted', 'replaced')).toEqual({ to: ['exhausted'], action: 'void' });
  expect(of('pending', 'retried')).toEqual({ to: ['pending'], action: 'resend' });
  expect(of('retrying', 'retried')).toEqual({ to: ['retrying'], action: 'resend' });
  expect(of('parked', 'retried')).toEqual({ to: ['pending', 'retrying'], action: 'resend' });
  expect(of('held', 'retried')).toEqual({ to: [], action: 'release' });
  expect(of('held', 'released')).toEqual({ to: ['pending', 'retrying'], action: 'release' });
  expect(of('none', 'retried')).toEqual({ to: [], action: 'send-first' });
});

test('what stands unfinished is moved on when its check time comes', () => {
  expect(of('pending', 'checked').action).toBe('resend');
  expect(of('retrying', 'checked').action).toBe('resend');
  expect(of('parked', 'checked').action).toBe('resend');
  expect(of('exhausted', 'checked').action).toBe('dead-letter');
  expect(of('held', 'checked')).toEqual({ to: ['abandoned'], action: 'expire' });
});

test('under its brake, what is parked stays where it is', () => {
  for (const from of ['pending', 'retrying', 'parked'] as const) {
    expect(of(from, 'checked-braked')).toEqual({ to: [from], action: 'stay-parked' });
  }
});

test('the diagram of docs/delivery-states.md has every change of status that the table allows, and no other', () => {
  const page = readFileSync(new URL('../../docs/delivery-states.md', import.meta.url), 'utf8');
  const diagram = /```mermaid\n([^`]*)```/.exec(page)?.[1] ?? '';
  const WAITING = ['pending', 'retrying', 'parked'];
  const members = (name = '') => (name === 'waiting' ? WAITING : [name]);
  const drawn = [...diagram.matchAll(/^ +(\w+) --> (\w+): /gm)].flatMap(([, from, to]) =>
    members(from).flatMap((one) => members(to).map((other) => `${one} → ${other}`)),
  );
  const allowed = cells.flatMap(({ from, to }) =>
    to.filter((status) => status !== from).map((status) => `${from} → ${status}`),
  );
  expect(drawn.toSorted()).toEqual([...new Set(allowed)].toSorted());
});
