import type { Mutant } from './mutant.ts';

/** Bugs in how events come in. */
export const INGEST_MUTANTS: readonly Mutant[] = [
  {
    name: 'an event kept before its pages',
    edits: [{ file: 'pipeline/ingest/keep-event.ts', find: 'await keepPages(', put: 'void keepPages(' }],
    breaks: [1],
  },
  {
    name: 'claim that replaces another',
    edits: [
      {
        file: 'adapters/sqlite/stores/idempotency-store.ts',
        find: 'WHERE old.expires_at <= :now',
        put: 'WHERE TRUE OR old.expires_at <= :now',
      },
    ],
    breaks: [2],
  },
  {
    name: 'repeated post that sends at once',
    edits: [{ file: 'pipeline/ingest/fan-out.ts', find: '{ delaySeconds: REPEAT_DELAY_SECONDS }', put: '{}' }],
    breaks: [3],
  },
  {
    name: 'repeated post that relies on the first to have sent',
    edits: [
      {
        file: 'pipeline/ingest/ingest.ts',
        find: 'await (isPaged(kept.event) ?',
        put: 'if (!kept.before) await (isPaged(kept.event) ?',
      },
    ],
    breaks: [1, 5],
  },
  {
    name: 'batch that accepts what the queue refused',
    edits: [
      {
        file: 'pipeline/ingest/batch.ts',
        find: 'return refusals.has(step.event) ?',
        put: 'return refusals.size > 99 ?',
      },
    ],
    breaks: [1, 5],
  },
];
