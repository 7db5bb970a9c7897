import type { Mutant } from './mutant.ts';

/** Bugs in the calls with an `Idempotency-Key` that start jobs. */
export const KEYED_MUTANTS: readonly Mutant[] = [
  {
    name: 'a job of a key that gets a new id from each call',
    edits: [
      {
        file: 'pipeline/manual/bulk-jobs.ts',
        find: 'return present ?? create(resourceId);',
        put: 'return present ?? create(id);',
      },
    ],
    breaks: [2],
  },
  {
    name: 'a key whose claim is not looked at',
    edits: [{ file: 'pipeline/idempotency-key.ts', find: 'if (!taken) return', put: 'if (taken || !taken) return' }],
    breaks: [2],
  },
];
