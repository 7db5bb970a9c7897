import { describe, expect, test } from 'vitest';
import { FairTurns } from '../../../../lib/adapters/sqlite/queue/fair-turns.ts';

describe('fair turns', () => {
  test('messages of one group stand one turn apart, and groups stand beside each other', () => {
    const turns = new FairTurns(0, []);
    expect([turns.next('a'), turns.next('a'), turns.next('a'), turns.next('b')]).toEqual([0, 1, 2, 0]);
  });

  test('a group that comes new stands at the turn that was received last', () => {
    const turns = new FairTurns(0, []);
    turns.received(40);
    turns.received(30);
    expect(turns.next('new')).toBe(40);
  });

  test('a group goes on where it stood before a restart', () => {
    const turns = new FairTurns(5, [['a', 90]]);
    expect([turns.next('a'), turns.next('b')]).toEqual([91, 5]);
  });

  test('forgetting groups that have passed changes nobody’s turn', () => {
    const turns = new FairTurns(0, [['ahead', 70]]);
    for (let n = 0; n < 1000; n += 1) turns.next(`guest-${n}`);
    turns.received(50);
    expect(turns.next('trigger')).toBe(50);
    expect([turns.next('guest-1'), turns.next('ahead'), turns.next('trigger')]).toEqual([50, 71, 51]);
  });
});
