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
  {
    name: 'an alert about an alert',
    edits: [
      {
        file: 'pipeline/alert-start.ts',
        find: 'if (exhausted.isTest || isReservedType(exhausted.eventType)) return;',
        put: "if (exhausted.isTest || isReservedType('order.paid')) return;",
      },
      { file: 'pipeline/jobs/exhausted-list.ts', find: '!isTest && !isReservedType(eventType)', put: '!isTest' },
    ],
    breaks: [22],
  },
  {
    name: 'alerts that are counted among the exhausted deliveries',
    edits: [{ file: 'pipeline/jobs/exhausted-list.ts', find: '!isTest && !isReservedType(eventType)', put: '!isTest' }],
    breaks: [22],
  },
  {
    name: 'an alert that goes to who asks for everything',
    edits: [
      {
        file: 'domain/subscription-index.ts',
        find: "new Set(isReservedType(type) ? [type] : ['*', type])",
        put: "new Set(isReservedType('') ? [type] : ['*', type])",
      },
    ],
    breaks: [18],
  },
  {
    name: 'an alert that is told and not posted',
    edits: [
      {
        file: 'pipeline/jobs/tell.ts',
        find: '    found.ids.length > 0\n',
        put: '    found.ids.length < 0\n',
      },
      {
        file: 'pipeline/jobs/tell.ts',
        find: '...(kept && { event_id',
        put: '...(found.ids.length > 0 && { event_id',
      },
    ],
    breaks: [1],
  },
];
