import type { Mutant } from './mutant.ts';

/** Bugs in probes, and in what an edit of an endpoint starts. */
export const JOB_MUTANTS: readonly Mutant[] = [
  {
    name: 'probe that sends the refused event again',
    edits: [{ file: 'pipeline/jobs/probe-choice.ts', find: '!refusedEvents.has(eventId)', put: "eventId !== ''" }],
    // It goes on each minute.
    breaks: [5, 10],
  },
  {
    name: 'auto_resume switched off, and the probes go on',
    edits: [
      {
        file: 'pipeline/endpoints/edit-jobs.ts',
        find: 'if (was) return { endpoint: rest,',
        put: 'if (was) return { endpoint: after, starts }; if (was) return { endpoint: rest,',
      },
    ],
    breaks: [8],
  },
  {
    name: 'auto_resume switched on, and nothing probes',
    edits: [
      {
        file: 'pipeline/endpoints/edit-jobs.ts',
        find: 'return { endpoint: { ...rest, changeJobId: probe.id }, starts: [...starts, probe] };',
        put: 'void probe; return { endpoint: rest, starts };',
      },
    ],
    breaks: [10],
  },
  {
    name: 'a removed rate limit that frees nothing',
    edits: [
      {
        file: 'pipeline/endpoints/edit-jobs.ts',
        find: 'if (before === undefined || !acceptsEvents(after)) return false;',
        put: 'if (before !== -1 || !acceptsEvents(after)) return false;',
      },
    ],
    breaks: [12],
  },
];
