import { join } from 'node:path';

/** The folder of the product's own code. */
export const LIB = join(import.meta.dirname, '../../lib');

/**
 * The code under simulation, loaded from a folder: the product's own, or a copy with a bug planted in it. All of it
 * comes from one folder, so that all modules share the classes of errors.
 */
export interface Engine {
  openSqliteStore: typeof import('../../lib/adapters/sqlite/store.ts').openSqliteStore;
  createDispatch: typeof import('../../lib/pipeline/dispatch/dispatch.ts').createDispatch;
  createIngest: typeof import('../../lib/pipeline/ingest/ingest.ts').createIngest;
  createJobs: typeof import('../../lib/pipeline/jobs/jobs.ts').createJobs;
  sortSlow: typeof import('../../lib/pipeline/slow-work.ts').sortSlow;
  sweep: typeof import('../../lib/pipeline/sweep/sweep.ts').sweep;
  changes: typeof import('../../lib/pipeline/endpoints/changes.ts');
  manualRetry: typeof import('../../lib/pipeline/manual/retry-delivery.ts');
  bulkJobs: typeof import('../../lib/pipeline/manual/bulk-jobs.ts');
  waitingRetries: typeof import('../../lib/pipeline/manual/waiting-retries.ts');
  settings: typeof import('../../lib/pipeline/settings.ts').DEFAULT_SETTINGS;
  errors: typeof import('../../lib/domain/errors.ts');
}

/** @param lib an absolute path */
export async function loadEngine(lib: string = LIB): Promise<Engine> {
  const load = async (file: string) => (await import(/* @vite-ignore */ join(lib, file))) as never;
  const [store, dispatch, ingest, jobs, slow, sweep, changes, manualRetry, bulkJobs, waitingRetries, settings, errors] =
    (await Promise.all([
      load('adapters/sqlite/store.ts'),
      load('pipeline/dispatch/dispatch.ts'),
      load('pipeline/ingest/ingest.ts'),
      load('pipeline/jobs/jobs.ts'),
      load('pipeline/slow-work.ts'),
      load('pipeline/sweep/sweep.ts'),
      load('pipeline/endpoints/changes.ts'),
      load('pipeline/manual/retry-delivery.ts'),
      load('pipeline/manual/bulk-jobs.ts'),
      load('pipeline/manual/waiting-retries.ts'),
      load('pipeline/settings.ts'),
      load('domain/errors.ts'),
    ])) as [
      Engine,
      Engine,
      Engine,
      Engine,
      Engine,
      Engine,
      Engine['changes'],
      Engine['manualRetry'],
      Engine['bulkJobs'],
      Engine['waitingRetries'],
      { DEFAULT_SETTINGS: Engine['settings'] },
      Engine['errors'],
    ];
  return {
    openSqliteStore: store.openSqliteStore,
    createDispatch: dispatch.createDispatch,
    createIngest: ingest.createIngest,
    createJobs: jobs.createJobs,
    sortSlow: slow.sortSlow,
    sweep: sweep.sweep,
    changes,
    manualRetry,
    bulkJobs,
    waitingRetries,
    settings: settings.DEFAULT_SETTINGS,
    errors,
  };
}
