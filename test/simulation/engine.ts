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
  createTakeIn: typeof import('../../lib/pipeline/sources/take-in.ts').createTakeIn;
  sortSlow: typeof import('../../lib/pipeline/slow-work.ts').sortSlow;
  sweep: typeof import('../../lib/pipeline/sweep/sweep.ts').sweep;
  creating: typeof import('../../lib/pipeline/endpoints/create.ts');
  editing: typeof import('../../lib/pipeline/endpoints/update.ts');
  statusCalls: typeof import('../../lib/pipeline/endpoints/status-calls.ts');
  rotations: typeof import('../../lib/pipeline/endpoints/rotate-secret.ts');
  manualRetry: typeof import('../../lib/pipeline/manual/retry-delivery.ts');
  bulkJobs: typeof import('../../lib/pipeline/manual/bulk-jobs.ts');
  waitingRetries: typeof import('../../lib/pipeline/manual/waiting-retries.ts');
  payloads: typeof import('../../lib/pipeline/manual/delete-payload.ts');
  erasures: typeof import('../../lib/pipeline/manual/erase-tenant.ts');
  polls: typeof import('../../lib/pipeline/polls/wait.ts');
  consumers: typeof import('../../lib/pipeline/polls/commit.ts');
  positions: typeof import('../../lib/domain/poll-position.ts');
  settings: typeof import('../../lib/pipeline/settings.ts').DEFAULT_SETTINGS;
  errors: typeof import('../../lib/domain/errors.ts');
}

/** The modules of an engine, as paths in lib. */
export const ENGINE_MODULES = {
  store: 'adapters/sqlite/store.ts',
  dispatch: 'pipeline/dispatch/dispatch.ts',
  ingest: 'pipeline/ingest/ingest.ts',
  jobs: 'pipeline/jobs/jobs.ts',
  slow: 'pipeline/slow-work.ts',
  sources: 'pipeline/sources/take-in.ts',
  sweep: 'pipeline/sweep/sweep.ts',
  creating: 'pipeline/endpoints/create.ts',
  editing: 'pipeline/endpoints/update.ts',
  statusCalls: 'pipeline/endpoints/status-calls.ts',
  rotations: 'pipeline/endpoints/rotate-secret.ts',
  manualRetry: 'pipeline/manual/retry-delivery.ts',
  bulkJobs: 'pipeline/manual/bulk-jobs.ts',
  waitingRetries: 'pipeline/manual/waiting-retries.ts',
  payloads: 'pipeline/manual/delete-payload.ts',
  erasures: 'pipeline/manual/erase-tenant.ts',
  polls: 'pipeline/polls/wait.ts',
  consumers: 'pipeline/polls/commit.ts',
  positions: 'domain/poll-position.ts',
  settings: 'pipeline/settings.ts',
  errors: 'domain/errors.ts',
} as const;

/** What these modules export. */
export interface EngineModules extends Pick<
  Engine,
  | 'creating'
  | 'editing'
  | 'statusCalls'
  | 'rotations'
  | 'manualRetry'
  | 'bulkJobs'
  | 'waitingRetries'
  | 'payloads'
  | 'erasures'
  | 'polls'
  | 'consumers'
  | 'positions'
  | 'errors'
> {
  store: Pick<Engine, 'openSqliteStore'>;
  dispatch: Pick<Engine, 'createDispatch'>;
  ingest: Pick<Engine, 'createIngest'>;
  jobs: Pick<Engine, 'createJobs'>;
  slow: Pick<Engine, 'sortSlow'>;
  sources: Pick<Engine, 'createTakeIn'>;
  sweep: Pick<Engine, 'sweep'>;
  settings: { DEFAULT_SETTINGS: Engine['settings'] };
}

/** @param lib an absolute path */
export async function loadEngine(lib: string = LIB): Promise<Engine> {
  const load = async ([name, file]: [string, string]) => [name, await import(/* @vite-ignore */ join(lib, file))];
  const loaded = await Promise.all(Object.entries(ENGINE_MODULES).map(load));
  return engineOf(Object.fromEntries(loaded) as EngineModules);
}

export function engineOf(loaded: EngineModules): Engine {
  const { store, dispatch, ingest, jobs, slow, sources, sweep, settings, ...modules } = loaded;
  return {
    openSqliteStore: store.openSqliteStore,
    createDispatch: dispatch.createDispatch,
    createIngest: ingest.createIngest,
    createJobs: jobs.createJobs,
    createTakeIn: sources.createTakeIn,
    sortSlow: slow.sortSlow,
    sweep: sweep.sweep,
    settings: settings.DEFAULT_SETTINGS,
    ...modules,
  };
}
