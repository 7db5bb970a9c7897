import type { SharedStore } from '../../adapters/sqlite/sharing.ts';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import type { PollEntry } from '../../domain/poll-entry.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import type { PipelineSettings } from '../../pipeline/settings.ts';
import type { LogFields } from '../../ports/log.ts';
import type { QueueName } from '../../ports/queues.ts';
import type { CrossingError } from './crossing-error.ts';

/** What a delivery thread is started with. Everything of it can be copied, or is shared. */
export interface ThreadData {
  /** From 2 on, of each thread that was ever started; the main thread is 1. */
  number: number;
  /** How many there are at most. */
  threads: number;
  /** The SQLite file. */
  path: string;
  store: SharedStore;
  places: SharedArrayBuffer;
  /** Its row in `places`. */
  row: number;
  /** What the secrets are sealed with. */
  key: Uint8Array;
  egress: UrlPolicy & { maxSockets: number };
  dialects: Readonly<Record<string, DialectDefinition>>;
  settings: Pick<
    PipelineSettings,
    'logTtlMs' | 'keptResponseBytes' | 'requestsPerEndpoint' | 'requestsPerTenant' | 'requestsAtOnce' | 'attemptsInLine'
  >;
  /** The folder of the compile cache, as `enableCompileCache` takes it; undefined: there is none. */
  compileCache: string | undefined;
}

/** What the main thread tells a delivery thread. */
export type ToThread =
  /** There may be something to receive, or it will be earlier than expected. */
  | { kind: 'changed'; queue: QueueName }
  | { kind: 'added'; id: number }
  | { kind: 'not-added'; id: number; error: CrossingError }
  /** Finish what is under way, and end. */
  | { kind: 'close' };

/** What a delivery thread tells the main thread. */
export type FromThread =
  | { kind: 'ready' }
  | { kind: 'changed'; queue: QueueName }
  /** Asks for entries of poll endpoints to be added. */
  | { kind: 'add'; id: number; entries: readonly PollEntry[] }
  | { kind: 'line'; level: 'info' | 'warn'; event: string; fields: LogFields | undefined }
  | { kind: 'error-line'; event: string; cause: CrossingError; fields: LogFields | undefined };
