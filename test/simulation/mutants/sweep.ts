import type { Mutant } from './mutant.ts';

/** Bugs in what sweep does with entries that it can't move, and in what counts as readable. */
export const SWEEP_MUTANTS: readonly Mutant[] = [
  {
    name: 'an entry that fails stays where it is',
    edits: [
      { file: 'pipeline/sweep/move-on.ts', find: 'if (mustPostpone(run, entry, cause)) await', put: 'if (!run) await' },
    ],
    breaks: [5],
  },
  {
    name: 'an entry that fails is postponed to the time that it had',
    edits: [{ file: 'pipeline/sweep/move-on.ts', find: 'postponedCheck(checkAt, now)', put: 'checkAt + (now - now)' }],
    breaks: [5],
  },
  {
    name: 'an entry is postponed although its record has moved on',
    edits: [
      {
        file: 'adapters/sqlite/stores/due-index.ts',
        find: 'WHERE ${key} AND check_at = :seen',
        put: 'WHERE ${key} AND :seen > 0',
      },
    ],
    breaks: [4, 5],
  },
  {
    name: 'an ordinal that no key can have',
    edits: [{ file: 'domain/message.ts', find: 'isOrdinal(ordinal) &&', put: '' }],
    breaks: [0, 5, 14],
  },
];
