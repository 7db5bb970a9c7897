import type { Mutant } from './mutant.ts';

/** Bugs in the deletion of payloads. */
export const ERASING_MUTANTS: readonly Mutant[] = [
  {
    name: 'an event without a payload is sent',
    edits: [
      {
        file: 'pipeline/dispatch/classify.ts',
        find: "if (event?.payloadDeleted) return 'payload-deleted';",
        put: '',
      },
      {
        file: 'pipeline/delivery/request.ts',
        find: "if (event.payloadDeleted) throw new Error('A request needs the payload of its event.');",
        put: '',
      },
    ],
    breaks: [19],
  },
  {
    name: 'a deletion of a payload that leaves what is held',
    edits: [
      {
        file: 'pipeline/jobs/erase-payload.ts',
        find: "transition(present, 'payload-deleted-by-job').action === 'abandon'",
        put: "present.status !== 'held' && transition(present, 'payload-deleted-by-job').action === 'abandon'",
      },
    ],
    breaks: [19],
  },
];
