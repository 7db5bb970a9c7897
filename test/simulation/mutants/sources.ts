import type { Mutant } from './mutant.ts';

const FILE = 'pipeline/sources/take-in.ts';

/** Bugs in how the messages of a source become events. */
export const SOURCE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a message of a source that a service failed on is refused',
    edits: [
      {
        file: FILE,
        find: 'if (error instanceof ServiceFault || message.receiveCount < MOST_FAILURES) return true;',
        put: '',
      },
    ],
    breaks: [1],
  },
  {
    name: 'a message of a source that could not be refused is gone',
    edits: [
      {
        file: FILE,
        find: "log.error('source.not-refused', cause, named);\n    return false;",
        put: 'return true;',
      },
    ],
    breaks: [14],
  },
];
