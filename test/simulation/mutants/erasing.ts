import type { Mutant } from './mutant.ts';

/** Bugs in the deletion of payloads, and in the erasure of tenants. */
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
        file: 'pipeline/delivery/end-without-payload.ts',
        find: "transition(present, trigger).action === 'abandon'",
        put: "present.status !== 'held' && transition(present, trigger).action === 'abandon'",
      },
    ],
    breaks: [19],
  },
  {
    name: 'an erasure that takes the deliveries of other tenants',
    edits: [
      {
        file: 'adapters/sqlite/stores/tenant-data.ts',
        find: "{ table: 'deliveries', key: 'row', where: OWN, counted: 'deliveries' }",
        put: "{ table: 'deliveries', key: 'row', where: `(${OWN} OR true)`, counted: 'deliveries' }",
      },
    ],
    breaks: [20],
  },
  {
    name: 'an erasure that leaves the endpoints of its tenant open',
    edits: [
      {
        file: 'pipeline/jobs/erase-tenant.ts',
        find: 'for (let start = 0; start < open.length;',
        put: 'for (let start = 0; start < 0;',
      },
    ],
    breaks: [20],
  },
  {
    name: 'an erasure of one pass',
    edits: [
      {
        file: 'pipeline/jobs/erase-tenant.ts',
        find: "  1: ['shut', ...ENDS_ACCESS],",
        put: "  1: ['shut', ...ENDS_ACCESS, 'endpoints', 'events', 'counters'],",
      },
      {
        file: 'pipeline/jobs/erase-tenant.ts',
        find: 'return pass === 1 ? secondPassLater(ports) : FINISHED;',
        put: 'return FINISHED;',
      },
    ],
    breaks: [20],
  },
  {
    name: 'a message of an erased tenant counts as a fault',
    edits: [
      {
        file: 'pipeline/dispatch/dispatch.ts',
        find: "isErased ? 'tenant-erased' : trigger",
        put: 'isErased ? trigger : trigger',
      },
    ],
    breaks: [5, 14],
  },
  {
    name: 'a call that dies between the job of an erasure and its tombstone leaves the tenant there',
    edits: [
      {
        file: 'pipeline/jobs/erase-tenant.ts',
        find: 'const tombstone = await tenants.erase(tenantId, { at: createdAt, jobId: id });',
        put: 'const tombstone = await tenants.get(tenantId);',
      },
    ],
    breaks: [20],
  },
];
