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
  {
    name: 'a count of messages in flight that leaves out the delayed ones',
    edits: [
      {
        file: 'adapters/sqlite/queue/queue-gauge.ts',
        find: `WHERE queue = ? AND state <> 'ready' AND visible_at > ?\``,
        put: `WHERE queue = ? AND state NOT IN ('ready', 'delayed') AND visible_at > ?\``,
      },
    ],
    breaks: [5],
  },
  {
    name: 'a delivery without a record in slow',
    edits: [
      {
        file: 'pipeline/dispatch/slow.ts',
        find: 'if (!isWithSlow(record, clock.now())) {',
        put: 'if (record.revision > 0 && !isWithSlow(record, clock.now())) {',
      },
    ],
    breaks: [1],
  },
  {
    name: 'a note of slowness that nobody reads',
    edits: [
      {
        file: 'pipeline/dispatch/slow.ts',
        find: 'if (isSlow(endpoint, health, tools.ports.clock.now())) return',
        put: 'if (!health && isSlow(endpoint, health, tools.ports.clock.now())) return',
      },
    ],
    breaks: [17],
  },
  {
    name: 'a note of slowness that never ends',
    edits: [{ file: 'domain/slowness.ts', find: ' && now < (health.slowUntil ?? 0);', put: ' && now < Infinity;' }],
    breaks: [17],
  },
  {
    name: 'one slow answer makes an endpoint slow',
    edits: [{ file: 'domain/slowness.ts', find: 'const LEAST_SLOW = 2;', put: 'const LEAST_SLOW = 1;' }],
    breaks: [17],
  },
  {
    name: 'places that are not counted',
    edits: [
      {
        file: 'pipeline/dispatch/places.ts',
        find: 'countIn(this.#ofEndpoints, endpoint)',
        put: 'countIn(new Map(), endpoint)',
      },
    ],
    breaks: [17],
  },
  {
    name: 'a place that is never free again',
    edits: [{ file: 'pipeline/dispatch/dispatch.ts', find: 'place.leave();', put: 'void place.leave;' }],
    breaks: [17],
  },
];
