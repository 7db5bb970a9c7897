import type { EventTypePolicy } from '../domain/event-type.ts';
import { DEFAULT_SETTINGS } from '../pipeline/settings.ts';

/** What a deployment decides for the API. */
export interface ApiSettings {
  /** May endpoints have `http:` URLs? Local mode only. */
  allowHttp: boolean;
  /** May endpoints lie on this machine? Local mode only. */
  allowLoopback: boolean;
  /** Of endpoints that name none. */
  defaultDialect: string;
  /** Bytes: of a request, and of an event in a batch. */
  maxBodyBytes: number;
  /** Bytes: of a batch. */
  maxBatchBytes: number;
  /** How many endpoints a tenant may have. */
  maxEndpoints: number;
  /** How many live API keys a tenant may have. */
  maxApiKeys: number;
  /** How long events, deliveries and jobs are kept, milliseconds. */
  logTtlMs: number;
  /** Of tenants that have set nothing themselves. */
  eventTypePolicy: EventTypePolicy;
  /** Are sensitive calls refused to a key whose owner has no second factor? */
  requireMfa: boolean;
  /** Polls give what was written so long ago, in milliseconds: what processes write at the same time is then in order. */
  pollDelayMs: number;
  /** The address of the console, with a slash at its end; undefined: nobody has said it. */
  consoleUrl(): string | undefined;
}

export const DEFAULT_API_SETTINGS: ApiSettings = {
  allowHttp: false,
  allowLoopback: false,
  defaultDialect: 'standard',
  maxBodyBytes: 262_144,
  maxBatchBytes: 1_048_576,
  maxEndpoints: DEFAULT_SETTINGS.maxEndpoints,
  maxApiKeys: 100,
  logTtlMs: DEFAULT_SETTINGS.logTtlMs,
  eventTypePolicy: DEFAULT_SETTINGS.eventTypePolicy,
  requireMfa: false,
  pollDelayMs: 0,
  consoleUrl: () => undefined,
};
