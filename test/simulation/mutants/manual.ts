import type { Mutant } from './mutant.ts';

/** Bugs in what people ask for. */
export const MANUAL_MUTANTS: readonly Mutant[] = [
  {
    name: 'job that forgets what it has repeated',
    edits: [
      {
        file: 'pipeline/delivery/repeat.ts',
        find: 'records.find(({ jobId }) => jobId === job.id)',
        put: 'records.find(() => false)',
      },
    ],
    breaks: [16],
  },
  {
    name: 'job that repeats what still waits',
    edits: [
      { file: 'pipeline/delivery/repeat.ts', find: 'latest ? !isFinal(latest.status) :', put: 'latest ? false :' },
    ],
    breaks: [16],
  },
  {
    name: 'replay that does not note the endpoint it adds',
    edits: [
      {
        file: 'pipeline/delivery/repeat.ts',
        find: 'if (!latest) await ports.events',
        put: 'if (latest === null) await ports.events',
      },
    ],
    breaks: [11],
  },
  {
    name: 'retry that leaves the dead letter of what it repeats',
    edits: [
      {
        file: 'pipeline/delivery/repeat.ts',
        find: `=== 'void' ? deadLetterVoided`,
        put: `=== 'none' ? deadLetterVoided`,
      },
    ],
    breaks: [9],
  },
  {
    name: 'manual retry without an epoch raise',
    edits: [
      {
        file: 'domain/delivery-changes/resends.ts',
        find: 'return { epoch: record.epoch + 1, dueAt: now,',
        put: 'return { epoch: record.epoch, dueAt: now,',
      },
    ],
    breaks: [6, 9],
  },
  {
    name: 'a bulk retry that repeats nothing',
    edits: [
      {
        file: 'pipeline/jobs/bulk-retry.ts',
        find: 'record.status === status && isMeant(job, record)',
        put: 'record.status !== status && isMeant(job, record)',
      },
    ],
    breaks: [16],
  },
  {
    name: 'a bulk retry that ends after what is exhausted',
    edits: [
      {
        file: 'pipeline/jobs/bulk-retry.ts',
        find: 'const isLast = page.next === undefined && at + 1 === statuses.length;',
        put: 'const isLast = page.next === undefined;',
      },
    ],
    breaks: [16],
  },
  {
    name: 'a replay that passes over what had ended',
    edits: [
      {
        file: 'pipeline/delivery/repeat.ts',
        find: 'latest ? !isFinal(latest.status) :',
        put: 'latest ? job.kind === "replay" :',
      },
    ],
    breaks: [16],
  },
];
