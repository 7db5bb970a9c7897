/** What the process ends with, for scripts. docs/cli.md shows this table. */
export const EXIT_CODES = {
  done: { code: 0, about: 'done' },
  failed: { code: 1, about: 'the check failed, a delivery or a job did not end well, or there is a bug' },
  usage: { code: 2, about: 'the command line is wrong, a file can’t be read, or `--yes` is missing' },
  key: { code: 3, about: 'no key, a wrong one, or one that may not do this; a second factor is needed' },
  missing: { code: 4, about: 'there is no such thing' },
  refused: { code: 5, about: 'the service refused what was asked; the message says what to change' },
  service: { code: 6, about: 'the service failed or is overloaded: try again later' },
  unreachable: { code: 7, about: 'no answer came' },
  interrupted: { code: 130, about: 'Ctrl-C or another signal, or the question was not answered with yes' },
} as const;

export type Ending = keyof typeof EXIT_CODES;
