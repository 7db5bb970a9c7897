import type { Mutant } from './mutant.ts';

/** Bugs in how a delivery is carried on. */
export const DELIVERY_MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledge before record',
    edits: [
      {
        file: 'pipeline/dispatch/dispatch.ts',
        find: 'await attempt(tools, visit, place)',
        put: `(void attempt(tools, visit, place).catch(() => undefined), 'acknowledge')`,
      },
    ],
    breaks: [1, 3, 5, 7],
  },
  {
    name: 'unconditional upsert',
    edits: [
      {
        file: 'adapters/sqlite/stores/delivery-log.ts',
        find: 'AND revision = :readRevision AND',
        put: 'AND (TRUE OR revision = :readRevision) AND',
      },
    ],
    breaks: [1, 3, 5, 7, 9],
  },
  {
    name: 'writes that leave attempts and epoch alone ignore the revision',
    edits: [
      {
        file: 'adapters/sqlite/stores/delivery-log.ts',
        find: 'AND revision = :readRevision AND',
        put: `AND (revision = :readRevision OR (body ->> '$.epoch' = :body ->> '$.epoch'
           AND json_array_length(body, '$.attempts') = json_array_length(:body, '$.attempts'))) AND`,
      },
    ],
    breaks: [6],
  },
  {
    name: 'no epoch raise when sweep sends again',
    edits: [
      {
        file: 'domain/delivery-changes/resends.ts',
        find: 'epoch: record.epoch + 1,\n    checkAt',
        put: 'epoch: record.epoch,\n    checkAt',
      },
    ],
    breaks: [3],
  },
  {
    name: 'lost visibility change',
    edits: [
      {
        file: 'pipeline/dispatch/waiting.ts',
        find: `await ports.queues.hide(queue, message, seconds);\n      return 'keep';`,
        put: `return 'acknowledge';`,
      },
    ],
    breaks: [5],
  },
  {
    name: 'a watermark that is never stored',
    edits: [{ file: 'pipeline/sweep/sweep.ts', find: ' || stored === undefined', put: '' }],
    breaks: [5],
  },
  {
    name: 'no sweep of half-finished dead letters',
    edits: [
      {
        file: 'pipeline/sweep/check.ts',
        find: 'record.dlqPending === true &&',
        put: 'record.attempts.length < 0 &&',
      },
    ],
    breaks: [5, 9],
  },
  {
    name: 'exhausted without a mark',
    edits: [
      {
        file: 'domain/delivery-changes/results.ts',
        find: 'dlqPending: true,\n    checkAt: now + CHECK_GRACE,',
        put: 'checkAt: undefined,',
      },
    ],
    breaks: [9],
  },
  {
    name: 'success dropped on a conflict',
    edits: [{ file: 'pipeline/dispatch/result.ts', find: 'if (!outcome.success && record', put: 'if (record' }],
    breaks: [7],
  },
  {
    name: 'a hold that writes a status which the table does not allow',
    edits: [
      {
        file: 'domain/delivery-changes/stops.ts',
        find: `trigger, 'held'`,
        put: `trigger, 'parked'`,
      },
    ],
    breaks: [0],
  },
  {
    name: 'sweep that moves the due time',
    edits: [
      {
        file: 'domain/delivery-changes/resends.ts',
        find: 'epoch: record.epoch + 1,\n    checkAt',
        put: 'epoch: record.epoch + 1,\n    dueAt: now,\n    checkAt',
      },
    ],
    breaks: [6],
  },
  {
    name: 'a throttled table counts as a bug',
    edits: [
      {
        file: 'pipeline/dispatch/faults.ts',
        find: 'cause instanceof ServiceFault ? await leaveDeliveries',
        put: 'cause === undefined ? await leaveDeliveries',
      },
    ],
    breaks: [3, 14],
  },
  {
    name: 'what a replica does not show counts as gone',
    edits: [
      {
        file: 'pipeline/dispatch/visit.ts',
        find: 'const unsure = visits.filter(lacksSomething);',
        put: 'const unsure = visits.filter(() => false);',
      },
    ],
    breaks: [5],
  },
  {
    name: 'a replica is asked again and again',
    edits: [
      {
        file: 'pipeline/dispatch/visit.ts',
        find: `const [again] = await look(ports, [visit], 'consistent');`,
        put: `const [again] = await look(ports, [visit], 'eventual');`,
      },
    ],
    breaks: [5, 7],
  },
  {
    name: 'retries that a replica answers',
    edits: [
      {
        file: 'pipeline/dispatch/visit.ts',
        find: `lookAtFirstAttempts(ports, some) : look(ports, some, 'consistent')`,
        put: `lookAtFirstAttempts(ports, some) : look(ports, some, 'eventual')`,
      },
    ],
    breaks: [5, 6],
  },
  {
    name: 'a Retry-After that is not kept',
    edits: [{ file: 'domain/retry-schedule.ts', find: 'query.retryAfterSeconds ?? 0', put: '0' }],
    breaks: [6],
  },
];
