import { expect, test } from 'vitest';
import { HISTORIES } from '../histories.ts';
import { MUTANTS } from './catalogue.ts';
import { findSeed } from './search.ts';

/** Histories of which these tell a bug, and the ones that were played. */
function historiesTelling(...telling: number[]) {
  const played: number[] = [];
  const tells = async (seed: number) => {
    played.push(seed);
    return telling.includes(seed);
  };
  return { tells, played };
}

test('the recorded history is the only one that is played if it tells the bug', async () => {
  const { tells, played } = historiesTelling(3, 1999);
  expect(await findSeed(tells, 1999, 200)).toBe(1999);
  expect(played).toEqual([1999]);
});

test.each([undefined, 1999, HISTORIES + 1])('all are searched when the recorded one is %s', async (recorded) => {
  const { tells } = historiesTelling(3, HISTORIES + 1);
  expect(await findSeed(tells, recorded, HISTORIES)).toBe(3);
});

test('no more are searched than are asked for', async () => {
  const { tells, played } = historiesTelling(6);
  expect(await findSeed(tells, 1999, 5)).toBeUndefined();
  expect(played).toEqual([1999, 1, 2, 3, 4, 5]);
});

test('a bug that only a history beyond those of a run tells is not found', async () => {
  const { tells, played } = historiesTelling(HISTORIES + 1);
  expect(await findSeed(tells, HISTORIES + 1, HISTORIES)).toBeUndefined();
  expect(played).toHaveLength(HISTORIES);
});

test('each planted bug has a name of its own, by which it is recorded', () => {
  const names = Object.values(MUTANTS).flatMap((group) => group.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
});
