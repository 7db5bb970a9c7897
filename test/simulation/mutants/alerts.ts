import type { Mutant } from './mutant.ts';

/** Bugs in what tells owners of their endpoints. */
export const ALERT_MUTANTS: readonly Mutant[] = [
  {
    name: 'an endpoint that does not name the alert of its change',
    edits: [
      {
        file: 'pipeline/alert-start.ts',
        find: 'return { endpoint: namingAlert(changed, alert.id), alert };',
        put: 'void namingAlert; return { endpoint: changed, alert };',
      },
    ],
    breaks: [22],
  },
  {
    name: 'an exhausted delivery that a crash leaves untold',
    edits: [
      {
        file: 'pipeline/delivery/dead-letter.ts',
        find: '  await noteExhausted(ports, record);\n  await ports.deliveries.writeUnlessSuperseded(deadLetterSent(record));',
        put: '  await ports.deliveries.writeUnlessSuperseded(deadLetterSent(record));\n  await noteExhausted(ports, record);',
      },
    ],
    breaks: [22],
  },
  {
    name: 'a round of exhausted deliveries that leaves no time to the next',
    edits: [
      { file: 'pipeline/jobs/exhausted-alert.ts', find: 'now + ALERT_INTERVAL', put: 'now + 0 * ALERT_INTERVAL' },
    ],
    breaks: [22],
  },
  {
    name: 'a note of an exhausted delivery that is lost while others are counted',
    edits: [
      {
        file: 'pipeline/alert-start.ts',
        find: 'if (isRunning && alert?.since !== undefined && alert.since <= since) return true;',
        put: 'if (isRunning) return true;',
      },
    ],
    breaks: [22],
  },
];
