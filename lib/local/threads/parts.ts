import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import type { DispatchBatch } from '../../pipeline/dispatch/dispatch.ts';
import type { PipelineSettings } from '../../pipeline/settings.ts';
import type { LogFields } from '../../ports/log.ts';
import type { CrossingError } from './crossing-error.ts';

/** The ports of dispatch whose calls the main thread makes: what writes, and what is seldom read. */
export const ASKED_PORTS = ['queues', 'endpoints', 'subscriptions', 'health', 'slots', 'jobs', 'polls'] as const;
export type AskedPort = (typeof ASKED_PORTS)[number] | 'deliveries';

/** What a delivery thread is started with. Everything of it can be copied. */
export interface ThreadData {
  /** The SQLite file. */
  path: string;
  /** What the secrets are sealed with. */
  key: Uint8Array;
  egress: UrlPolicy & { maxSockets: number };
  dialects: Readonly<Record<string, DialectDefinition>>;
  settings: Pick<
    PipelineSettings,
    'logTtlMs' | 'keptResponseBytes' | 'requestsPerEndpoint' | 'requestsPerTenant' | 'requestsAtOnce' | 'attemptsInLine'
  >;
  /** Where compiled code is kept, if anywhere. */
  compileCache: string | undefined;
}

/** What the main thread tells a delivery thread. */
export type ToThread =
  /** `homes`: how many threads share the places of the process now, this one included. */
  | { kind: 'dispatch'; id: number; batch: DispatchBatch; homes: number }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; error: CrossingError }
  | { kind: 'close' };

/** What a delivery thread tells the main thread. */
export type FromThread =
  | { kind: 'ready' }
  /** So many dispatches have begun: the thread keeps up. */
  | { kind: 'begun'; count: number }
  | { kind: 'call'; id: number; port: AskedPort; method: string; args: unknown[] }
  | { kind: 'line'; level: 'info' | 'warn'; event: string; fields: LogFields | undefined }
  | { kind: 'error-line'; event: string; cause: CrossingError; fields: LogFields | undefined }
  | { kind: 'done'; id: number; kept: string[] }
  | { kind: 'broke'; id: number; error: CrossingError };
