import { describe, expect, test } from 'vitest';
import { type DeliveryState, type Happening, TRANSITIONS } from '../../lib/domain/delivery-state.ts';

const cells = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
  Object.entries(row).map(([happening, cell]) => ({
    from: from as DeliveryState,
    happening: happening as Happening,
    ...cell,
  })),
);

const finals: DeliveryState[] = ['delivered', 'exhausted', 'abandoned'];
const messageCameUp: Happening[] = [
  'current-due',
  'current-early',
  'current-early-elsewhere',
  'stale',
  'stale-overdue',
];
const of = (from: DeliveryState, happening: Happening) => TRANSITIONS[from][happening];

describe('every cell of the delivery table', () => {
  test.each(cells)('$from × $happening → $to, $act', ({ from, happening, to, act }) => {
    // Delivered is the end of it.
    if (from === 'delivered') expect(to).toBe('delivered');
    // A success is never dropped.
    if (happening === 'succeeded') expect(to).toBe('delivered');
    // Exhausted becomes retrying by a redrive only (invariant 9).
    if (from === 'exhausted' && to !== 'exhausted')
      expect([act, to]).toEqual(act === 'redrive' ? ['redrive', 'retrying'] : ['settle', 'delivered']);
    // No request for what is finished or shut, and none on a message of an unknown epoch.
    if (act === 'attempt') {
      expect(finals).not.toContain(from);
      expect(messageCameUp).toContain(happening);
    }
    // Whatever ends an attempt has written it.
    if (happening.startsWith('failed') && !finals.includes(from))
      expect(['wait', 'exhaust', 'settle', 'note']).toContain(act);
    // An abandoned delivery stays abandoned, but for a late success.
    if (from === 'abandoned' && happening !== 'succeeded') expect(to).toBe('abandoned');
    // A paused endpoint never loses what comes up.
    if (happening === 'endpoint-paused' && !finals.includes(from)) expect(to).toBe('held');
    // An unfinished delivery ends only as delivered, exhausted or abandoned.
    if (to === 'none') expect(from).toBe('none');
  });
});

test('a message that is due makes an attempt, in every state that waits', () => {
  for (const from of ['none', 'pending', 'retrying', 'parked', 'held'] as const) {
    expect(of(from, 'current-due').act).toBe('attempt');
  }
});

test('a stale message acts only when the delivery has been due for two minutes', () => {
  expect(of('retrying', 'stale').act).toBe('acknowledge');
  expect(of('retrying', 'stale-overdue').act).toBe('attempt');
});

test('a retry by hand changes nothing that is finished, and hurries what waits', () => {
  for (const from of finals) expect(of(from, 'retried')).toEqual({ to: from, act: 'renew' });
  for (const from of ['pending', 'retrying', 'parked', 'held'] as const) {
    expect(of(from, 'retried')).toEqual({ to: 'waiting', act: 'resend' });
  }
  expect(of('none', 'retried')).toEqual({ to: 'none', act: 'send-first' });
});

test('what stands unfinished is moved on when its check time comes', () => {
  expect(of('pending', 'checked').act).toBe('resend');
  expect(of('retrying', 'checked').act).toBe('resend');
  expect(of('parked', 'checked').act).toBe('resend');
  expect(of('exhausted', 'checked').act).toBe('dead-letter');
  expect(of('held', 'checked')).toEqual({ to: 'abandoned', act: 'expire' });
});
