import type { EventTypePolicy } from '../domain/event-type.ts';
import { DEFAULT_LOG_TTL_MS } from '../domain/log-lifetime.ts';

/** What a deployment decides for the pipeline. */
export interface PipelineSettings {
  /** How long the log keeps events and deliveries, in milliseconds. */
  logTtlMs: number;
  /** How many bytes of a failed attempt's answer are kept: 0 to 16,384. */
  keptResponseBytes: number;
  /** How many endpoints a tenant may have. */
  maxEndpoints: number;
  /** The address of the console, with a slash at its end, for links in mails; undefined: nobody has said it. */
  consoleUrl(): string | undefined;
  /** Of tenants that have set nothing themselves. */
  eventTypePolicy: EventTypePolicy;
  /** The most endpoints that an event holds itself, and that ingest sends to; past that, a job sends by pages. */
  inlineEndpoints: number;
  /** How many endpoint ids a page has: 500 are 15 KB, and the largest item of a table is 400 KB. */
  endpointsPerPage: number;
  /**
   * How many requests to an endpoint, and to all endpoints of a tenant, one process has in flight from deliveries and
   * retries. A Lambda instance works one batch of ten at a time and never gets there.
   */
  requestsPerEndpoint: number;
  requestsPerTenant: number;
  /**
   * How many requests the process has in flight. A tenant never has more of them than are left free for others: one alone
   * gets half, ten a tenth each, and whoever comes next finds as much.
   */
  requestsAtOnce: number;
  /** How many attempts for a tenant's endpoints may wait a moment for one of those to end. 0: each comes back later. */
  attemptsInLine: number;
}

export const DEFAULT_SETTINGS: PipelineSettings = {
  logTtlMs: DEFAULT_LOG_TTL_MS,
  keptResponseBytes: 1024,
  maxEndpoints: 10_000,
  consoleUrl: () => undefined,
  eventTypePolicy: {},
  inlineEndpoints: 100,
  endpointsPerPage: 500,
  requestsPerEndpoint: 64,
  requestsPerTenant: 160,
  requestsAtOnce: Number.POSITIVE_INFINITY,
  attemptsInLine: 0,
};
