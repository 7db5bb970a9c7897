import type { Mutant } from './mutant.ts';

/** Bugs in what bounds the messages and requests in flight. */
export const FLIGHT_MUTANTS: readonly Mutant[] = [
  {
    name: 'hidden again although the queue has too many messages',
    edits: [
      {
        file: 'pipeline/dispatch/waiting.ts',
        find: 'if (!(await pressure())) return hideUntilDue',
        put: 'if (visit) return hideUntilDue',
      },
    ],
    breaks: [5],
  },
];
