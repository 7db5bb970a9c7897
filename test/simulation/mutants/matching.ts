import type { Mutant } from './mutant.ts';

const FILE = 'pipeline/endpoints/matching.ts';
const RAISE = 'await ports.subscriptions.raiseShard(endpoint.tenantId, shardOf(endpoint));';
const WRITE = 'await writeSubscription(ports, endpoint);';

/** Bugs in how ingest learns what endpoints subscribe to. */
export const MATCHING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a change that raises no number of a shard',
    edits: [{ file: FILE, find: RAISE, put: '' }],
    breaks: [18],
  },
  {
    name: 'the number of a shard is raised before its subscription is written',
    edits: [{ file: FILE, find: `${WRITE}\n  ${RAISE}`, put: `${RAISE}\n  ${WRITE}` }],
    breaks: [18],
  },
  {
    name: 'a change that is answered before its subscription is written',
    edits: [
      {
        file: FILE,
        find: 'await updateMatching(ports, changed);',
        put: 'updateMatching(ports, changed).catch(() => {});',
      },
    ],
    breaks: [18],
  },
  {
    name: 'a change without a job that finishes it',
    edits: [{ file: 'pipeline/jobs/repair.ts', find: 'await updateMatching(ports, endpoint);', put: '' }],
    breaks: [18],
  },
  {
    name: 'a repeated call that relies on the first to have finished',
    edits: [
      {
        file: 'pipeline/endpoints/change-status.ts',
        find: 'if (MATCHING_CALLS.has(call)) await matchAgain(ports, endpoint);',
        put: '',
      },
    ],
    breaks: [18],
  },
  {
    name: 'a removal that takes away what is newer',
    edits: [
      {
        file: 'adapters/sqlite/stores/subscription-store.ts',
        find: 'AND generation <= ?',
        put: 'AND generation <= ? + 99',
      },
    ],
    breaks: [18],
  },
  {
    name: 'no look at the endpoint after its subscription is put',
    edits: [
      {
        file: FILE,
        find: 'if (!latest || latest.generation === generation) return undefined;',
        put: 'return undefined;',
      },
    ],
    breaks: [18],
  },
];
