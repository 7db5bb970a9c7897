import { describe, expect, test } from 'vitest';
import { type Delivery, newRecord } from '../../../lib/domain/delivery.ts';
import { deliveryId, newId, timeOf } from '../../../lib/domain/ids.ts';
import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import { type PollPosition, positionAt } from '../../../lib/domain/poll-position.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { TENANT } from '../api-calls.ts';
import { Evidence } from '../evidence.ts';
import { PollRules } from './poll-rules.ts';

const NOW = 1_770_000_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const random = new SeededRandom(7);
const newIdAt = (prefix: 'evt' | 'ep', at: number) =>
  newId(prefix, { now: () => at, fraction: () => random.fraction() });
const endpointId = newIdAt('ep', NOW);
const place = { tenantId: TENANT, endpointId };

/** A delivery that is written for its consumers some time after it was made. */
function written(delayMs = 0): { evidence: Evidence; rules: PollRules; record: Delivery; id: string } {
  const evidence = new Evidence();
  const rules = new PollRules(evidence);
  const key = { ...place, eventId: newIdAt('evt', NOW), ordinal: 0 };
  const record = newRecord({ type: 'a.b' }, key);
  const writtenAt = timeOf(key.eventId) + delayMs;
  const entry: PollEntry = { ...key, eventType: 'a.b', writtenAt };
  rules.entriesWritten([entry], writtenAt);
  return { evidence, rules, record, id: deliveryId(record) };
}

/** A process of a consumer begins where that has come to, and works this. @returns where it has come to */
function works(rules: PollRules, name: string, ...worked: string[]): PollPosition {
  rules.consumers.read(place, name, rules.consumers.get(endpointId, name).since !== undefined);
  const position = positionAt(NOW);
  rules.consumers.reached(place, name, { position, worked: new Set(worked) });
  return position;
}

function commits(rules: PollRules, name: string, position: PollPosition, at: number): void {
  rules.consumers.put({ ...place, name, position, committedAt: at }, at);
}

describe('what a commit after the removal of its consumer stands for', () => {
  test.each(['what its process had worked', 'where its process had begun'])('%s', (what) => {
    const { evidence, rules, record, id } = written();
    const first = works(rules, 'a', id);
    commits(rules, 'a', first, NOW);
    const late = what.startsWith('where') ? works(rules, 'a') : first;
    rules.consumers.removed(place, 'a');
    commits(rules, 'a', late, NOW);
    rules.delivered(record, NOW + 5 * MINUTE);
    expect(evidence.violation).toBeUndefined();
  });

  test('where it was let begin', () => {
    const { evidence, rules, record } = written();
    const beginning = rules.consumers.beginning(positionAt(NOW + 1000), NOW + 1000);
    commits(rules, 'a', beginning, NOW + 1000);
    const late = works(rules, 'a');
    rules.consumers.removed(place, 'a');
    commits(rules, 'a', late, NOW + 2000);
    rules.delivered(record, NOW + 5 * MINUTE);
    expect(evidence.violation).toBeUndefined();
  });

  test.each(['begins anew', 'had come to less', 'was read when it was gone'])('not more, when it %s', (how) => {
    const { evidence, rules, record, id } = written();
    commits(rules, 'other', works(rules, 'other', id), NOW);
    const early = works(rules, 'a');
    commits(rules, 'a', works(rules, 'a', id), NOW);
    rules.consumers.removed(place, 'a');
    const anew = rules.consumers.beginning(positionAt(NOW - DAY), NOW - DAY);
    const late = { 'begins anew': () => anew, 'had come to less': () => early };
    commits(rules, 'a', late[how as keyof typeof late]?.() ?? works(rules, 'a'), NOW);
    rules.delivered(record, NOW + 5 * MINUTE);
    expect(evidence.violation?.what).toContain('delivered before a committed it');
  });
});

describe('a delivery has not expired before its 14 days', () => {
  const held = (record: Delivery, heldAt: number): Delivery => ({ ...record, status: 'held', heldAt });

  test.each([
    { name: 'since it was made', made: (one: Delivery) => one, days: 14 },
    {
      name: 'since it was written for consumers, held or not',
      made: (one: Delivery) => held(one, NOW + 13 * DAY),
      days: 15,
    },
    { name: 'since it was held', made: (one: Delivery) => held(one, NOW), days: 14 },
  ])('$name', ({ made, days }) => {
    for (const { early, violations } of [
      { early: 1, violations: 1 },
      { early: 0, violations: 0 },
    ]) {
      const { evidence, rules, record } = written(DAY);
      rules.expired(made(record), record, NOW + days * DAY - early);
      expect([evidence.violation].filter(Boolean)).toHaveLength(violations);
    }
  });
});

describe('who comes back is told what it has missed', () => {
  const returns = (days: number, logTtlDays = 30) => {
    const { rules } = written();
    commits(rules, 'a', positionAt(NOW - 1), NOW);
    return rules.hasMissed(endpointId, 'a', { now: NOW + days * DAY, logTtlMs: logTtlDays * DAY });
  };

  test('after what it had not committed is no longer given', () => {
    expect([returns(13), returns(15)]).toEqual([false, true]);
  });

  test('while the log knows of it: afterwards it is a new one', () => {
    expect([returns(29), returns(30), returns(30, 90)]).toEqual([true, false, true]);
  });

  test('not when it had committed it, or was removed', () => {
    const { rules, id } = written();
    const look = { now: NOW + 15 * DAY, logTtlMs: 30 * DAY };
    commits(rules, 'a', positionAt(NOW), NOW);
    expect(rules.hasMissed(endpointId, 'a', look)).toBe(true);
    rules.consumers.removed(place, 'a');
    expect(rules.hasMissed(endpointId, 'a', look)).toBe(false);
    commits(rules, 'a', works(rules, 'a', id), NOW);
    expect(rules.hasMissed(endpointId, 'a', look)).toBe(false);
  });
});
